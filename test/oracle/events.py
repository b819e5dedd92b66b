"""Event files of others: `python test/oracle/events.py` (tensorflow, tensorboardX).

The same curve by TensorFlow, as Keras writes its own, and in the older way, as PyTorch does; with other things between.
"""

import shutil
import tempfile
from pathlib import Path

import numpy as np
import tensorflow as tf
from tensorboardX import SummaryWriter

FOLDER = Path(__file__).parents[1] / "report" / "tensorboard" / "fixtures"
POINTS = {0: 0.5, 10: 0.25, 20: 0.0}


def by_tensorflow(folder):
    writer = tf.summary.create_file_writer(folder)
    with writer.as_default():
        for step, value in POINTS.items():
            tf.summary.scalar("loss", value, step=step)
        tf.summary.histogram("histogram", tf.range(10.0), step=0)
        tf.summary.text("text", "hello", step=0)
        tf.summary.image("image", tf.zeros([1, 4, 4, 1]), step=0)
    writer.close()


def by_tensorboardx(folder):
    with SummaryWriter(folder) as writer:
        for step, value in POINTS.items():
            writer.add_scalar("loss", value, step)
        writer.add_histogram("histogram", np.arange(10.0), 0)
        writer.add_text("text", "hello", 0)


for name, write in (("tensorflow", by_tensorflow), ("tensorboardx", by_tensorboardx)):
    with tempfile.TemporaryDirectory() as folder:
        write(folder)
        shutil.copy(next(Path(folder).glob("*tfevents*")), FOLDER / f"{name}.tfevents")

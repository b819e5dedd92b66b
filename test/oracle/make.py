"""Makes the fixtures with real Keras 3 on TensorFlow: `python test/oracle/make.py [layers losses ...]`."""

import os
import sys

os.environ["KERAS_BACKEND"] = "tensorflow"
os.environ["CUDA_VISIBLE_DEVICES"] = "-1"
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras  # noqa: E402
import tensorflow as tf  # noqa: E402

import activations  # noqa: E402
import callbacks  # noqa: E402
import common  # noqa: E402
import initializers  # noqa: E402
import layers  # noqa: E402
import losses  # noqa: E402
import metrics  # noqa: E402
import optimizers  # noqa: E402
import regularizers  # noqa: E402
import schedules  # noqa: E402
import training  # noqa: E402

MODULES = [
    layers,
    activations,
    initializers,
    regularizers,
    losses,
    metrics,
    optimizers,
    schedules,
    training,
    callbacks,
]

if __name__ == "__main__":
    tf.config.experimental.enable_op_determinism()
    wanted = sys.argv[1:]
    for module in MODULES:
        if not wanted or module.__name__ in wanted:
            keras.utils.set_random_seed(1)
            common.save(module.__name__, module.make())

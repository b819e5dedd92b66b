"""Keras 3, on the backend that KERAS_BACKEND names; --jit decides about XLA on TensorFlow (JAX always compiles)."""

import os

from common import BATCH, Epochs, arguments, mnist, report

args = arguments(jit={"choices": ["true", "false"], "default": "false"})
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras  # noqa: E402  (the environment decides the backend on import)
from keras import layers  # noqa: E402

MODELS = {
    "softmax": lambda: [layers.Flatten(), layers.Dense(10, activation="softmax")],
    "mlp": lambda: [
        layers.Flatten(),
        layers.Dense(512, activation="relu"),
        layers.Dropout(0.2),
        layers.Dense(512, activation="relu"),
        layers.Dropout(0.2),
        layers.Dense(10, activation="softmax"),
    ],
    "cnn": lambda: [
        layers.Reshape((28, 28, 1)),
        layers.Conv2D(32, 3, activation="relu"),
        layers.MaxPooling2D(2),
        layers.Conv2D(64, 3, activation="relu"),
        layers.MaxPooling2D(2),
        layers.Flatten(),
        layers.Dropout(0.5),
        layers.Dense(10, activation="softmax"),
    ],
}


class Timing(keras.callbacks.Callback):
    def __init__(self):
        super().__init__()
        self.epochs = Epochs()

    def on_epoch_begin(self, epoch, logs=None):
        self.epochs.begin()

    def on_epoch_end(self, epoch, logs=None):
        self.epochs.end(float(logs["loss"]), float(logs["accuracy"]))


keras.utils.set_random_seed(1)
x, y, x_test, y_test = mnist(args.data, args.samples)
model = keras.Sequential([keras.Input((28, 28)), *MODELS[args.model]()])
model.compile(
    optimizer=keras.optimizers.SGD(0.5) if args.model == "softmax" else "adam",
    loss="sparse_categorical_crossentropy",
    metrics=["accuracy"],
    jit_compile=True if keras.backend.backend() == "jax" else args.jit == "true",
)
timing = Timing()
model.fit(x, y, batch_size=BATCH, epochs=args.epochs, verbose=0, callbacks=[timing])
_, accuracy = model.evaluate(x_test, y_test, batch_size=1000, verbose=0)

backend = __import__(keras.backend.backend())
name = f"keras-{keras.backend.backend()}" + ("-jit" if args.jit == "true" else "")
versions = {"keras": keras.__version__, keras.backend.backend(): backend.__version__}
report(name, versions, args, timing.epochs, float(accuracy))

"""Keras 3, on the backend that KERAS_BACKEND names; --jit decides about XLA on TensorFlow (JAX always compiles)."""

import os

from common import Epochs, arguments, images, measure_predictions, report

args = arguments(jit={"choices": ["true", "false"], "default": "false"})
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras  # noqa: E402  (the environment decides the backend on import)
import numpy as np  # noqa: E402
from keras import layers  # noqa: E402


def convolutions():
    for i, filters in enumerate((32, 64, 128)):
        for _ in range(2):
            yield layers.Conv2D(filters, 3, padding="same", use_bias=False)
            yield layers.BatchNormalization(momentum=0.9)
            yield layers.Activation("relu")
        yield layers.MaxPooling2D(2) if i < 2 else layers.GlobalAveragePooling2D()


MODELS = {
    "softmax": lambda: [layers.Flatten()],
    "mlp": lambda: [
        layers.Flatten(),
        layers.Dense(512, activation="relu"),
        layers.Dropout(0.2),
        layers.Dense(512, activation="relu"),
        layers.Dropout(0.2),
    ],
    "wide": lambda: [layers.Flatten(), layers.Dense(2048, activation="relu"), layers.Dense(2048, activation="relu")],
    "cnn": lambda: [
        layers.Reshape((28, 28, 1)),
        layers.Conv2D(32, 3, activation="relu"),
        layers.MaxPooling2D(2),
        layers.Conv2D(64, 3, activation="relu"),
        layers.MaxPooling2D(2),
        layers.Flatten(),
        layers.Dropout(0.5),
    ],
    "deep": lambda: [*convolutions()],
}


class Timing(keras.callbacks.Callback):
    def __init__(self):
        super().__init__()
        self.epochs = Epochs()

    def on_epoch_begin(self, epoch, logs=None):
        self.epochs.begin()

    def on_epoch_end(self, epoch, logs=None):
        self.epochs.end(float(logs["loss"]), float(logs["accuracy"]))


def train(model, x, y, x_test, y_test):
    model.compile(
        optimizer=keras.optimizers.SGD(0.5) if args.model == "softmax" else "adam",
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
        jit_compile=compiles,
    )
    timing = Timing()
    model.fit(x, y, batch_size=args.batch, epochs=args.epochs, verbose=0, callbacks=[timing])
    _, accuracy = model.evaluate(x_test, y_test, batch_size=1000, verbose=0)
    return {"epochs": timing.epochs.done, "testAccuracy": round(float(accuracy), 4)}


def predict(model, x):
    model.compile(jit_compile=compiles)
    step = single_step(model)
    sample = x[:1]
    return measure_predictions(
        lambda: np.asarray(step(sample)), lambda: model.predict(x, batch_size=args.batch, verbose=0), len(x)
    )


def single_step(model):
    """The fastest way that the backend documents: model.predict takes milliseconds for one sample."""
    if keras.backend.backend() == "jax":
        import jax

        weights = [v.value for v in model.trainable_variables], [v.value for v in model.non_trainable_variables]
        step = jax.jit(lambda weights, x: model.stateless_call(*weights, x, training=False)[0])
        return lambda x: step(weights, x)
    import tensorflow as tf

    return tf.function(lambda x: model(x, training=False), jit_compile=compiles)


compiles = True if keras.backend.backend() == "jax" else args.jit == "true"
keras.utils.set_random_seed(1)
if args.precision != "float32":
    keras.config.set_dtype_policy(args.precision)
x, y, x_test, y_test = images(args.data, args.samples)
# Probabilities and loss in float32, as Keras advises for mixed precision.
output = layers.Dense(10, activation="softmax", dtype="float32")
model = keras.Sequential([keras.Input(x.shape[1:]), *MODELS[args.model](), output])
result = train(model, x, y, x_test, y_test) if args.task == "train" else predict(model, x_test[: args.samples])

backend = __import__(keras.backend.backend())
name = f"keras-{keras.backend.backend()}" + ("-jit" if args.jit == "true" else "")
report(name, {"keras": keras.__version__, keras.backend.backend(): backend.__version__}, args, result)

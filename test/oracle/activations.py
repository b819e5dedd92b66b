"""Activation functions: values and gradients on a grid with zero, kinks and large magnitudes."""

import keras
import numpy as np
import tensorflow as tf

from common import Inputs, keras_options, label, snake, tensor

GRID = np.array(
    [-100, -20, -6.5, -3, -2.9, -1, -0.5, -0.49, -0.1, -0.001, 0, 0.001, 0.1, 0.49, 0.51, 1, 2.9, 3.1, 6.5, 20, 100],
    "float32",
)
ROWS = np.array([[0, 0, 0, 0], [1, 2, 3, 4], [-100, 0, 100, 50], [1000, 1000, -1000, 999], [-0.5, 0.25, 0, 2]], "float32")

ELEMENTWISE = [
    ("linear", {}),
    ("relu", {}),
    ("relu", {"negativeSlope": 0.1}),
    ("relu", {"maxValue": 5}),
    ("relu", {"threshold": 0.3}),
    ("relu", {"negativeSlope": 0.2, "maxValue": 5, "threshold": 0.3}),
    ("sigmoid", {}),
    ("tanh", {}),
    ("elu", {}),
    ("elu", {"alpha": 0.5}),
    ("selu", {}),
    ("gelu", {}),
    ("gelu", {"approximate": True}),
    ("silu", {}),
    ("swish", {}),
    ("softplus", {}),
    ("softsign", {}),
    ("exponential", {}),
    ("hardSigmoid", {}),
    ("hardSilu", {}),
    ("hardSwish", {}),
    ("leakyRelu", {}),
    ("leakyRelu", {"negativeSlope": 0.3}),
    ("relu6", {}),
    ("mish", {}),
    ("celu", {}),
    ("celu", {"alpha": 2}),
    ("hardTanh", {}),
    ("hardShrink", {}),
    ("hardShrink", {"threshold": 1.5}),
    ("softShrink", {}),
    ("softShrink", {"threshold": 1.5}),
    ("tanhShrink", {}),
    ("sparsePlus", {}),
    ("sparseSigmoid", {}),
    ("squareplus", {}),
    ("squareplus", {"b": 1}),
    ("logSigmoid", {}),
    ("threshold", {"threshold": 1, "defaultValue": -2}),
]
BY_ROW = [("softmax", {}), ("softmax", {"axis": 0}), ("logSoftmax", {}), ("glu", {}), ("sparsemax", {})]


def make():
    specs = [(name, options, GRID) for name, options in ELEMENTWISE]
    specs += [(name, options, ROWS) for name, options in BY_ROW]
    return {"cases": [run(*spec) for spec in specs]}


def run(name, options, x):
    title = label(name, options)
    function = getattr(keras.activations, snake(name))
    x = tf.constant(x)
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = function(x, **keras_options(options))
        dy = tf.constant(Inputs(title).normal(y.shape))
        target = tf.reduce_sum(y * dy)
    dx = tape.gradient(target, x)
    return {
        "name": title,
        "activation": name,
        "options": options,
        "x": tensor(x),
        "y": tensor(y),
        "dy": tensor(dy),
        "dx": tensor(dx),
    }

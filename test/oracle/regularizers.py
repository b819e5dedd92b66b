"""Regularizers: the penalty of a matrix and its gradient."""

import tensorflow as tf

from common import Inputs, build, label, tensor

SPECS = [
    ("l1", {}),
    ("l1", {"l1": 0.3}),
    ("l2", {}),
    ("l2", {"l2": 0.3}),
    ("l1L2", {}),
    ("l1L2", {"l1": 0.1, "l2": 0.2}),
]


def make():
    return {"cases": [run(*spec) for spec in SPECS]}


def run(name, options):
    weight = Inputs(name).normal((3, 4))
    weight[0, 0] = 0
    x = tf.constant(weight)
    with tf.GradientTape() as tape:
        tape.watch(x)
        value = build("regularizers", name, options)(x)
    gradient = tape.gradient(value, x, unconnected_gradients="zero")
    return {
        "name": label(name, options),
        "regularizer": name,
        "options": options,
        "x": tensor(x),
        "value": tensor(value),
        "gradient": tensor(gradient),
    }

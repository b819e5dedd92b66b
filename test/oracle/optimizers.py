"""Optimizers: two variables after each of ten given gradients."""

import keras
import numpy as np

from common import Inputs, build, label, tensor

CLIPPING = [{"clipnorm": 0.8}, {"clipvalue": 0.3}, {"globalClipnorm": 1.0}]
SCHEDULE = {"schedule": "exponentialDecay", "options": {"initialLearningRate": 0.1, "decaySteps": 3, "decayRate": 0.5}}

SPECS = [
    ("sgd", {}),
    ("sgd", {"learningRate": 0.5}),
    ("sgd", {"momentum": 0.9}),
    ("sgd", {"momentum": 0.9, "nesterov": True}),
    ("sgd", {"weightDecay": 0.1}),
    ("sgd", {"momentum": 0.5, "weightDecay": 0.1, "learningRate": 0.2}),
    *[("sgd", {"learningRate": 0.1, **clip}) for clip in CLIPPING],
    ("sgd", {"learningRate": SCHEDULE, "momentum": 0.9}),
    ("adam", {}),
    ("adam", {"learningRate": 0.05, "beta1": 0.8, "beta2": 0.95, "epsilon": 0.01}),
    ("adam", {"amsgrad": True, "learningRate": 0.05, "beta2": 0.5}),
    ("adam", {"weightDecay": 0.1, "learningRate": 0.05}),
    *[("adam", {"learningRate": 0.05, **clip}) for clip in CLIPPING],
    ("adam", {"learningRate": SCHEDULE}),
    ("adamW", {}),
    ("adamW", {"learningRate": 0.05, "weightDecay": 0.1}),
    ("adamW", {"learningRate": 0.05, "weightDecay": 0.1, "amsgrad": True, "clipnorm": 0.8}),
    ("rmsprop", {}),
    ("rmsprop", {"learningRate": 0.05, "rho": 0.8, "epsilon": 0.01}),
    ("rmsprop", {"momentum": 0.9, "learningRate": 0.01}),
    ("rmsprop", {"centered": True, "learningRate": 0.01}),
    ("rmsprop", {"centered": True, "momentum": 0.5, "learningRate": 0.01}),
    ("rmsprop", {"weightDecay": 0.1, "clipvalue": 0.3}),
    ("adagrad", {}),
    ("adagrad", {"learningRate": 0.5, "initialAccumulatorValue": 0.5, "epsilon": 0.01}),
    ("adagrad", {"learningRate": 0.1, "weightDecay": 0.1, "globalClipnorm": 1.0}),
]
EXTRAS = [
    ("adamax", {"learningRate": 0.05}),
    ("nadam", {"learningRate": 0.05}),
    ("adadelta", {"learningRate": 1.0}),
    ("lion", {"learningRate": 0.01}),
    ("ftrl", {"learningRate": 0.1, "l1RegularizationStrength": 0.01, "l2RegularizationStrength": 0.02}),
    ("sgd", {"learningRate": 0.1, "useEma": True, "emaMomentum": 0.5, "emaOverwriteFrequency": 3}),
    ("adam", {"learningRate": 0.1, "gradientAccumulationSteps": 3}),
]
SHAPES = [(3, 2), (2,)]
STEPS = 10


def make():
    inputs = Inputs("optimizers")
    initial = [inputs.normal(shape) for shape in SHAPES]
    gradients = [[inputs.normal(shape) for shape in SHAPES] for _ in range(STEPS)]
    # Gradients of exactly zero must do no harm.
    gradients[4] = [np.zeros(shape, "float32") for shape in SHAPES]
    return {
        "initial": [tensor(value) for value in initial],
        "gradients": [[tensor(g) for g in step] for step in gradients],
        "cases": [run(*spec, initial, gradients) for spec in SPECS]
        + [{**run(*spec, initial, gradients), "extra": True} for spec in EXTRAS],
    }


def run(optimizer, options, initial, gradients):
    variables = [keras.Variable(value, name=f"v{i}") for i, value in enumerate(initial)]
    built = build("optimizers", optimizer, options)
    built.build(variables)
    weights = []
    for step in gradients:
        built.apply_gradients(zip(step, variables))
        weights.append([tensor(v.numpy()) for v in variables])
    return {
        "name": label(optimizer, options),
        "optimizer": optimizer,
        "options": options,
        "weights": weights,
        # What `.keras` files hold, in their order: iteration, learning rate, then the slots.
        "variables": [{"name": v.name, "value": tensor(v.numpy())} for v in built.variables],
    }

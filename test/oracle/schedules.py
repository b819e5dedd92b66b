"""Learning-rate schedules: their values at many steps."""

import numpy as np

from common import build, label, number

STEPS = [0, 1, 2, 3, 5, 9, 10, 11, 20, 50, 99, 100, 101, 150, 1000]
DECAY = {"initialLearningRate": 0.1, "decaySteps": 100}
SPECS = [
    ("exponentialDecay", {**DECAY, "decayRate": 0.5}),
    ("exponentialDecay", {**DECAY, "decaySteps": 10, "decayRate": 0.9, "staircase": True}),
    ("piecewiseConstantDecay", {"boundaries": [10, 100], "values": [1.0, 0.5, 0.1]}),
    ("polynomialDecay", {**DECAY}),
    ("polynomialDecay", {**DECAY, "endLearningRate": 0.01, "power": 2}),
    ("polynomialDecay", {**DECAY, "decaySteps": 10, "cycle": True, "power": 0.5}),
    ("inverseTimeDecay", {**DECAY, "decayRate": 0.5}),
    ("inverseTimeDecay", {**DECAY, "decaySteps": 10, "decayRate": 2, "staircase": True}),
    ("cosineDecay", {**DECAY}),
    ("cosineDecay", {**DECAY, "alpha": 0.2}),
    ("cosineDecay", {**DECAY, "initialLearningRate": 0.0, "warmupTarget": 0.5, "warmupSteps": 10}),
    ("cosineDecay", {**DECAY, "warmupTarget": 0.5, "warmupSteps": 20, "alpha": 0.1}),
    ("cosineDecayRestarts", {"initialLearningRate": 0.1, "firstDecaySteps": 10}),
    ("cosineDecayRestarts", {"initialLearningRate": 0.1, "firstDecaySteps": 10, "tMul": 1, "mMul": 0.5, "alpha": 0.1}),
]


def make():
    return {"steps": STEPS, "cases": [run(*spec) for spec in SPECS]}


def run(schedule, options):
    built = build("schedules", schedule, options)
    return {
        "name": label(schedule, options),
        "schedule": schedule,
        "options": options,
        "values": [number(np.asarray(built(step))) for step in STEPS],
    }

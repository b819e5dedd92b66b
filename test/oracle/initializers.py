"""Initializers: exact values where they are determined, else Keras's own statistics of a large sample."""

import numpy as np

from common import build, label, number, tensor

EXACT = [
    ("zeros", {}, (2, 3)),
    ("ones", {}, (2, 3)),
    ("constant", {"value": 0.25}, (2, 3)),
    ("identity", {}, (3, 3)),
    ("identity", {"gain": 2}, (2, 4)),
]
SHAPES = [(200, 300), (5, 5, 30, 40)]
RANDOM = [
    ("randomNormal", {}),
    ("randomNormal", {"mean": 1, "stddev": 0.2}),
    ("randomUniform", {}),
    ("randomUniform", {"minval": -1, "maxval": 3}),
    ("truncatedNormal", {}),
    ("truncatedNormal", {"mean": -1, "stddev": 0.5}),
    ("glorotUniform", {}),
    ("glorotNormal", {}),
    ("heUniform", {}),
    ("heNormal", {}),
    ("lecunUniform", {}),
    ("lecunNormal", {}),
    ("varianceScaling", {}),
    ("varianceScaling", {"scale": 2, "mode": "fanOut", "distribution": "untruncatedNormal"}),
    ("varianceScaling", {"scale": 0.5, "mode": "fanAvg", "distribution": "uniform"}),
    ("orthogonal", {"gain": 1.5}),
]


def make():
    cases = [exact(*spec) for spec in EXACT]
    return {"cases": cases + [statistics(name, options, shape) for name, options in RANDOM for shape in SHAPES]}


def base(name, options, shape):
    return {"name": label(name, options, shape), "initializer": name, "options": options, "shape": list(shape)}


def sample(name, options, shape):
    seed = {} if name in {spec[0] for spec in EXACT} else {"seed": 7}
    return build("initializers", name, {**options, **seed})(shape).numpy()


def exact(name, options, shape):
    return {**base(name, options, shape), "value": tensor(sample(name, options, shape))}


def statistics(name, options, shape):
    """The sample's mean and deviation have a standard error of about deviation / sqrt(count)."""
    values = sample(name, options, shape).astype("float64").ravel()
    return {
        **base(name, options, shape),
        "sample": {
            "count": values.size,
            "mean": number(values.mean()),
            "stddev": number(values.std()),
            "min": number(values.min()),
            "max": number(values.max()),
            # Tells distributions of equal deviation apart: 1.8 uniform, 2.37 normal cut at two, 3 normal.
            "kurtosis": number(np.mean((values - values.mean()) ** 4) / values.var() ** 2),
        },
    }

"""What every module here needs: our spelling of Keras's names, rounded random inputs, and compact JSON."""

import json
import math
import re
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf

FIXTURES = Path(__file__).parent / "fixtures"


def snake(name):
    """kernelSize -> kernel_size, beta1 -> beta_1 (Keras's spelling of an option written in ours)."""
    name = re.sub(r"(?<=[a-z0-9])([A-Z])", lambda m: "_" + m.group(1).lower(), name)
    return re.sub(r"^beta([12])$", r"beta_\1", name)


def build(kind, name, options):
    """The Keras object that our `name` and `options` mean; `kind` is a module of keras: 'layers', 'losses' ..."""
    module = keras.optimizers.schedules if kind == "schedules" else getattr(keras, kind)
    classes = {c.lower(): c for c in dir(module) if c[0].isupper()}
    return getattr(module, classes[name.lower()])(**keras_options(options))


# How a nested object is written in the fixtures: {"regularizer": "l2", "options": {...}}.
NESTED = {"regularizer": "regularizers", "initializer": "initializers", "schedule": "schedules"}
# Options whose value is itself a name with several words.
NAMED = ("activation", "reduction", "mode", "distribution")


def keras_options(options):
    return {snake(key): keras_value(key, value) for key, value in options.items()}


def keras_value(key, value):
    if isinstance(value, dict):
        for word, kind in NESTED.items():
            if word in value:
                return build(kind, value[word], value.get("options", {}))
    if key in NAMED and isinstance(value, str):
        return snake(value)
    return tuple(value) if isinstance(value, list) and key != "boundaries" and key != "values" else value


def label(name, options, shape=()):
    """The name of a case: `Dense 4 units=3 activation=relu`."""
    words = [name, "x".join(map(str, shape))] if shape else [name]
    return " ".join([*words, *(f"{key}={short(value)}" for key, value in options.items())])


def short(value):
    if isinstance(value, dict):
        return next(v for v in value.values() if isinstance(v, str))
    return value if isinstance(value, str) else compact(value)


def tensor(value):
    """An array as JSON: its shape and its values in row-major order; dtype only where it is not float32."""
    array = np.asarray(value)
    packed = {"shape": list(array.shape)}
    if array.dtype.kind in "iub":
        packed["dtype"] = "int32"
        packed["data"] = [int(v) for v in array.ravel()]
    else:
        packed["data"] = [number(v) for v in array.ravel()]
    return packed


def number(value):
    """The shortest decimal that reads back as the same float32; what JSON cannot write, as a word."""
    value = np.float32(value)
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    short = float(str(value))
    return int(short) if short == int(short) and abs(short) < 1e15 else short


class Inputs:
    """Random inputs that are short to write down: two decimals, from a seed that names the case."""

    def __init__(self, name):
        self.rng = np.random.default_rng([ord(c) for c in name])

    def normal(self, shape, scale=1.0):
        return np.round(self.rng.normal(size=shape) * scale, 2).astype("float32")

    def positive(self, shape):
        return np.round(self.rng.uniform(0.5, 1.5, size=shape), 2).astype("float32")

    def distinct(self, shape):
        """Values that differ from each other, so that a maximum is never shared."""
        count = int(np.prod(shape))
        return ((self.rng.permutation(count) - count // 2) / 8).astype("float32").reshape(shape)

    def probabilities(self, shape):
        logits = self.rng.normal(size=shape)
        e = np.exp(logits)
        return np.round(e / e.sum(-1, keepdims=True), 3).astype("float32")

    def classes(self, count, depth):
        return self.rng.integers(0, depth, size=count).astype("int32")

    def one_hot(self, count, depth):
        return np.eye(depth, dtype="float32")[self.classes(count, depth)]


def save(name, content):
    """Writes fixtures/NAME.json, one case a line, so that a change of one case is a change of one line."""
    head = {"keras": keras.__version__, "backend": f"tensorflow {tf.__version__}"}
    shared = {key: value for key, value in content.items() if key != "cases"}
    lines = [f"{json.dumps(key)}:{compact(value)}" for key, value in {**head, **shared}.items()]
    cases = ",\n".join(compact(case) for case in content["cases"])
    text = "{" + ",\n".join(lines) + ',\n"cases":[\n' + cases + "\n]}\n"
    FIXTURES.mkdir(exist_ok=True)
    (FIXTURES / f"{name}.json").write_text(text)
    print(f"{name}: {len(content['cases'])} cases, {len(text) / 1024:.0f} KiB")


def compact(value):
    return json.dumps(value, separators=(",", ":"), allow_nan=False)

"""Losses: values, every reduction, sample weights, and gradients with respect to the predictions."""

import numpy as np
import tensorflow as tf

from common import Inputs, build, label, tensor

REDUCTIONS = ["sum", "mean", "meanWithSampleWeight", "none"]
EXTREME = np.array([[100, -100, 0], [-100, 100, 100], [0, 0, 0], [100, 99, -100]], "float32")
CERTAIN = np.array([[1, 0, 0], [0, 1, 0], [0, 0, 1], [0.5, 0.5, 0]], "float32")
BATCH, CLASSES = 4, 3

CROSS_ENTROPIES = {
    "categoricalCrossentropy": lambda i: i.one_hot(BATCH, CLASSES),
    "sparseCategoricalCrossentropy": lambda i: i.classes(BATCH, CLASSES),
    "binaryCrossentropy": lambda i: i.classes((BATCH, CLASSES), 2).astype("float32"),
}
REGRESSIONS = ["meanSquaredError", "meanAbsoluteError"]
SIGNED = ["hinge", "squaredHinge"]
EXTRAS = {
    "huber": [{}, {"delta": 0.4}],
    "logCosh": [{}],
    "meanAbsolutePercentageError": [{}],
    "cosineSimilarity": [{}, {"axis": 0}],
}
POSITIVE_EXTRAS = ["meanSquaredLogarithmicError", "poisson", "klDivergence"]


def cases():
    for loss, targets in CROSS_ENTROPIES.items():
        yield from cross_entropy(loss, targets)
    for loss in REGRESSIONS:
        yield from weighted(loss, {}, numbers, numbers)
        yield case(loss, {}, numbers, numbers, shape=(2, 3, 2), title="rank 3")
        yield case(loss, {}, numbers, numbers, shape=(2, 3, 2), weight=(2, 3), title="rank 3, weights of rank 2")
        yield case(loss, {}, numbers, numbers, shape=(BATCH, 1), weight=(BATCH,), title="one output")
    for loss, variants in EXTRAS.items():
        for options in variants:
            yield case(loss, options, numbers, numbers, weight=None if "axis" in options else (BATCH,), extra=True)
    for loss in POSITIVE_EXTRAS:
        yield case(loss, {}, probabilities, probabilities, weight=(BATCH,), extra=True)
    for loss in SIGNED:
        yield case(loss, {}, signs, numbers, weight=(BATCH,), extra=True)
        yield case(loss, {}, bits, numbers, weight=(BATCH,), title="targets 0 and 1", extra=True)
    yield case("categoricalHinge", {}, one_hot, numbers, weight=(BATCH,), extra=True)


def cross_entropy(loss, targets):
    def true(inputs, _shape):
        return targets(inputs)

    yield from weighted(loss, {}, true, probabilities)
    yield from weighted(loss, {"fromLogits": True}, true, numbers)
    yield case(loss, {}, true, lambda *_: CERTAIN, title="certain predictions")
    yield case(loss, {"fromLogits": True}, true, lambda *_: EXTREME, title="extreme logits")
    if loss == "sparseCategoricalCrossentropy":
        yield case(loss, {}, lambda i, _: targets(i)[:, None], probabilities, title="targets of shape [n, 1]")
        yield case(loss, {"fromLogits": True, "ignoreClass": 1}, true, numbers, weight=(BATCH,), extra=True)
        return
    for options in ({"labelSmoothing": 0.1}, {"labelSmoothing": 0.3, "fromLogits": True}):
        yield case(loss, options, true, numbers if "fromLogits" in options else probabilities)
    yield case(loss, {}, true, unnormalized, title="rows that do not add up to 1")


def weighted(loss, options, true, predicted):
    yield case(loss, options, true, predicted)
    yield case(loss, options, true, predicted, weight=(BATCH,))
    yield case(loss, options, true, predicted, weight=(BATCH, 1), title="weights of shape [n, 1]")
    for reduction in REDUCTIONS:
        yield case(loss, {**options, "reduction": reduction}, true, predicted)
        yield case(loss, {**options, "reduction": reduction}, true, predicted, weight=(BATCH,))


def numbers(inputs, shape):
    return inputs.normal(shape, 2)


def probabilities(inputs, shape):
    return inputs.probabilities(shape)


def unnormalized(inputs, shape):
    return (inputs.positive(shape) / 2).astype("float32")


def bits(inputs, shape):
    return inputs.classes(shape, 2).astype("float32")


def signs(inputs, shape):
    return 2 * bits(inputs, shape) - 1


def one_hot(inputs, shape):
    return inputs.one_hot(*shape)


def case(loss, options, true, predicted, weight=None, shape=(BATCH, CLASSES), title="", extra=False):
    words = [label(loss, options), title, "" if weight is None or title else "weighted"]
    name = " ".join(word for word in words if word)
    inputs = Inputs(name)
    y_true = true(inputs, shape)
    y_pred = tf.constant(predicted(inputs, shape))
    sample_weight = None if weight is None else inputs.positive(weight)
    with tf.GradientTape() as tape:
        tape.watch(y_pred)
        value = build("losses", loss, options)(y_true, y_pred, sample_weight)
        total = tf.reduce_sum(value)
    result = {
        "name": name,
        "loss": loss,
        "options": options,
        "yTrue": tensor(y_true),
        "yPred": tensor(y_pred),
        "value": tensor(value),
        "gradient": tensor(tape.gradient(total, y_pred)),
    }
    if sample_weight is not None:
        result["sampleWeight"] = tensor(sample_weight)
    return {**result, "extra": True} if extra else result


def make():
    return {"cases": list(cases())}

"""Metrics: the result after each of several updates, with and without sample weights."""

from keras.src.trainers.compile_utils import get_metric

from common import Inputs, build, label, tensor

SIZES = (5, 3, 4)
SPARSE, HOT, BITS, COLUMN, NUMBERS = "sparse", "one hot", "bits", "column", "numbers"

SPECS = [
    ("accuracy", {}, SPARSE),
    ("accuracy", {}, HOT),
    ("accuracy", {}, COLUMN),
    ("sparseCategoricalAccuracy", {}, SPARSE),
    ("categoricalAccuracy", {}, HOT),
    ("binaryAccuracy", {}, COLUMN),
    ("binaryAccuracy", {}, BITS),
    ("binaryAccuracy", {"threshold": 0.7}, BITS),
    ("topKCategoricalAccuracy", {}, HOT),
    ("topKCategoricalAccuracy", {"k": 2}, HOT),
    ("sparseTopKCategoricalAccuracy", {}, SPARSE),
    ("sparseTopKCategoricalAccuracy", {"k": 3}, SPARSE),
    ("meanSquaredError", {}, NUMBERS),
    ("meanAbsoluteError", {}, NUMBERS),
    ("sparseCategoricalCrossentropy", {}, SPARSE),
    ("sparseCategoricalCrossentropy", {"fromLogits": True}, SPARSE),
    ("categoricalCrossentropy", {}, HOT),
    ("categoricalCrossentropy", {"labelSmoothing": 0.1}, HOT),
    ("binaryCrossentropy", {}, BITS),
]
EXTRAS = [
    ("rootMeanSquaredError", {}, NUMBERS),
    ("meanAbsolutePercentageError", {}, NUMBERS),
    ("meanSquaredLogarithmicError", {}, BITS),
    ("cosineSimilarity", {}, NUMBERS),
    ("klDivergence", {}, HOT),
    ("poisson", {}, BITS),
    ("logCoshError", {}, NUMBERS),
    ("hinge", {}, BITS),
    ("squaredHinge", {}, BITS),
    ("categoricalHinge", {}, HOT),
    ("precision", {}, BITS),
    ("recall", {}, BITS),
    ("auc", {}, COLUMN),
]
DEPTH = 7


def make():
    specs = [(*spec, False) for spec in SPECS] + [(*spec, True) for spec in EXTRAS]
    runs = [run(*spec, weights) for spec in specs for weights in (None, "rows")]
    means = [mean(metric, weighted) for metric in ("mean", "sum") for weighted in (False, True)]
    ties = run("sparseTopKCategoricalAccuracy", {"k": 2}, "ties", False, None)
    return {"cases": [*runs, *means, ties]}


def batch(kind, inputs, rows):
    if kind == SPARSE:
        return inputs.classes(rows, DEPTH), inputs.probabilities((rows, DEPTH))
    if kind == HOT:
        return inputs.one_hot(rows, DEPTH), inputs.probabilities((rows, DEPTH))
    if kind == "ties":
        return inputs.classes(rows, 3), inputs.classes((rows, 3), 2).astype("float32")
    if kind == NUMBERS:
        return inputs.normal((rows, 2)), inputs.normal((rows, 2))
    width = 1 if kind == COLUMN else 3
    return inputs.classes((rows, width), 2).astype("float32"), inputs.probabilities((rows, 2 * width))[:, :width]


def run(metric, options, kind, extra, weights):
    name = " ".join([label(metric, options), kind, *(["weighted"] if weights else [])])
    inputs = Inputs(name)
    batches = [batch(kind, inputs, rows) for rows in SIZES]
    if metric == "accuracy":
        # The word, which Keras resolves by the shapes of targets and predictions.
        built = get_metric("accuracy", *batches[0])
    else:
        built = build("metrics", metric, options)
    updates = []
    for y_true, y_pred in batches:
        sample_weight = inputs.positive(len(y_true)) if weights else None
        built.update_state(y_true, y_pred, sample_weight=sample_weight)
        update = {"yTrue": tensor(y_true), "yPred": tensor(y_pred)}
        if weights:
            update["sampleWeight"] = tensor(sample_weight)
        updates.append({**update, "result": tensor(built.result())})
    result = {"name": name, "metric": metric, "options": options, "updates": updates}
    return {**result, "extra": True} if extra else result


def mean(metric, weighted):
    """The running mean and sum of plain values."""
    name = f"{metric} of values" + (" weighted" if weighted else "")
    inputs = Inputs(name)
    built = build("metrics", metric, {})
    updates = []
    for shape in ((), (3,), (4,)):
        values = inputs.normal(shape)
        sample_weight = inputs.positive(shape) if weighted else None
        built.update_state(values, sample_weight=sample_weight)
        update = {"values": tensor(values)}
        if weighted:
            update["sampleWeight"] = tensor(sample_weight)
        updates.append({**update, "result": tensor(built.result())})
    return {"name": name, "metric": metric, "options": {}, "updates": updates}

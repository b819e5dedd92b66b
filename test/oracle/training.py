"""Whole training runs: ten batches through `train_on_batch`, and `fit` with a last batch that is smaller."""

import keras
import numpy as np

from common import Inputs, build, number, tensor

STEPS = 10
L2 = {"regularizer": "l2", "options": {"l2": 0.02}}
L1L2 = {"regularizer": "l1L2", "options": {"l1": 0.01, "l2": 0.02}}


def dense(units, activation=None, **options):
    return ("Dense", {"units": units, **({"activation": activation} if activation else {}), **options})


def sparse(classes):
    return lambda inputs, rows: inputs.classes(rows, classes)


def one_hot(classes):
    return lambda inputs, rows: inputs.one_hot(rows, classes)


def bits(inputs, rows):
    return inputs.classes((rows, 1), 2).astype("float32")


def column(inputs, rows):
    return inputs.normal((rows, 1))


MLP = [dense(5, "relu"), dense(4, "tanh"), dense(3, "softmax")]
CNN = [
    ("Conv2D", {"filters": 3, "kernelSize": [3, 3], "padding": "same"}),
    ("BatchNormalization", {"momentum": 0.9}),
    ("Activation", {"activation": "relu"}),
    ("MaxPooling2D", {"poolSize": [2, 2]}),
    ("Flatten", {}),
    dense(3, "softmax"),
]

SPECS = {
    "mlp, softmax, sparse cross-entropy, adam": dict(
        layers=MLP,
        input_shape=(4,),
        targets=sparse(3),
        optimizer=("adam", {"learningRate": 0.01}),
        loss=("sparseCategoricalCrossentropy", {}),
        metrics=["accuracy"],
    ),
    "mlp, logits, sparse cross-entropy, adamW": dict(
        layers=[dense(5, "gelu"), dense(3)],
        input_shape=(4,),
        targets=sparse(3),
        optimizer=("adamW", {"learningRate": 0.01, "weightDecay": 0.05}),
        loss=("sparseCategoricalCrossentropy", {"fromLogits": True}),
        metrics=["accuracy"],
    ),
    "softmax regression, categorical cross-entropy, sgd 0.5": dict(
        layers=[("Flatten", {}), dense(3, "softmax")],
        input_shape=(2, 3),
        targets=one_hot(3),
        optimizer=("sgd", {"learningRate": 0.5}),
        loss=("categoricalCrossentropy", {}),
        metrics=["accuracy", "topKCategoricalAccuracy"],
    ),
    "label smoothing, dropout 0, adagrad": dict(
        layers=[dense(5, "elu"), ("Dropout", {"rate": 0}), dense(3, "softmax")],
        input_shape=(4,),
        targets=one_hot(3),
        optimizer=("adagrad", {"learningRate": 0.05}),
        loss=("categoricalCrossentropy", {"labelSmoothing": 0.1}),
        metrics=["accuracy"],
    ),
    "cnn with batch normalization, sgd with momentum": dict(
        layers=CNN,
        input_shape=(6, 6, 1),
        targets=sparse(3),
        optimizer=("sgd", {"learningRate": 0.05, "momentum": 0.9}),
        loss=("sparseCategoricalCrossentropy", {}),
        metrics=["accuracy"],
    ),
    "cnn with average and global pooling, nesterov, clipnorm": dict(
        layers=[
            ("Reshape", {"targetShape": [6, 6, 1]}),
            ("Conv2D", {"filters": 4, "kernelSize": [3, 3], "strides": [1, 1], "activation": "relu"}),
            ("AveragePooling2D", {"poolSize": [2, 2]}),
            ("Conv2D", {"filters": 3, "kernelSize": [2, 2], "useBias": False}),
            ("BatchNormalization", {}),
            ("GlobalAveragePooling2D", {}),
            dense(2, "softmax"),
        ],
        input_shape=(36,),
        targets=one_hot(2),
        optimizer=("sgd", {"learningRate": 0.1, "momentum": 0.9, "nesterov": True, "clipnorm": 0.5}),
        loss=("categoricalCrossentropy", {}),
        metrics=["accuracy"],
    ),
    "regression, rmsprop": dict(
        layers=[dense(4, "relu"), dense(1)],
        input_shape=(3,),
        targets=column,
        optimizer=("rmsprop", {"learningRate": 0.01}),
        loss=("meanSquaredError", {}),
        metrics=["meanAbsoluteError"],
    ),
    "binary, sample weights, l2": dict(
        layers=[dense(4, "tanh", kernelRegularizer=L2), dense(1, "sigmoid", kernelRegularizer=L1L2)],
        input_shape=(3,),
        targets=bits,
        optimizer=("adam", {"learningRate": 0.02}),
        loss=("binaryCrossentropy", {}),
        metrics=["accuracy"],
        sample_weight=True,
    ),
    "class weights": dict(
        layers=MLP,
        input_shape=(4,),
        targets=sparse(3),
        optimizer=("sgd", {"learningRate": 0.1}),
        loss=("sparseCategoricalCrossentropy", {}),
        metrics=["accuracy"],
        class_weight={0: 0.5, 1: 2.0, 2: 1.0},
    ),
    "class weights of one-hot targets": dict(
        layers=MLP,
        input_shape=(4,),
        targets=one_hot(3),
        optimizer=("sgd", {"learningRate": 0.1}),
        loss=("categoricalCrossentropy", {}),
        metrics=["accuracy"],
        class_weight={0: 0.5, 1: 2.0, 2: 1.0},
    ),
    "learning-rate schedule, global clipnorm": dict(
        layers=[dense(4, "relu"), dense(2)],
        input_shape=(3,),
        targets=lambda inputs, rows: inputs.normal((rows, 2)),
        optimizer=(
            "sgd",
            {
                "learningRate": {
                    "schedule": "cosineDecay",
                    "options": {"initialLearningRate": 0.1, "decaySteps": 10, "alpha": 0.1},
                },
                "globalClipnorm": 0.5,
            },
        ),
        loss=("meanAbsoluteError", {}),
        metrics=["meanSquaredError"],
    ),
}


def make():
    batches = [run(name, f"{name}, on batches", on_batches, **spec) for name, spec in SPECS.items()]
    fits = [run(name, f"{name}, fit", fit, **spec) for name, spec in SPECS.items()]
    return {"cases": [*batches, *fits]}


def run(
    name, title, train, layers, input_shape, targets, optimizer, loss, metrics, sample_weight=False, class_weight=None
):
    inputs = Inputs(name)
    model = keras.Sequential(
        [keras.Input(input_shape), *(build("layers", layer, options) for layer, options in layers)]
    )
    initial = [inputs.normal(w.shape, 0.4) for w in model.weights]
    for index, weight in enumerate(model.weights):
        if "variance" in weight.name or "gamma" in weight.name:
            initial[index] = inputs.positive(weight.shape)
    model.set_weights(initial)
    model.compile(
        optimizer=build("optimizers", *optimizer),
        loss=build("losses", *loss),
        # With weights, Keras reports metrics both ways: as `weighted_accuracy`, and without the weights.
        metrics=[metric_of(metric) for metric in metrics],
        weighted_metrics=[metric_of(metric) for metric in metrics] if sample_weight or class_weight else None,
        jit_compile=False,
    )
    result = {
        "name": title,
        "layers": [{"layer": layer, "options": options} for layer, options in layers],
        "inputShape": [None, *input_shape],
        "optimizer": {"optimizer": optimizer[0], "options": optimizer[1]},
        "loss": {"loss": loss[0], "options": loss[1]},
        "metrics": metrics,
        "initial": [tensor(w) for w in initial],
    }
    if class_weight:
        result["classWeight"] = {str(key): value for key, value in class_weight.items()}
    run_of = train(model, inputs, input_shape, targets, sample_weight, class_weight)
    return {**result, **run_of, "final": [tensor(w) for w in model.get_weights()]}


def metric_of(metric):
    return metric if metric == "accuracy" else build("metrics", metric, {})


def on_batches(model, inputs, input_shape, targets, sample_weight, class_weight):
    batches, steps = [], []
    for _ in range(STEPS):
        data = draw(inputs, 4, input_shape, targets, sample_weight)
        # Else the loss that comes back is the mean over all steps so far.
        model.reset_metrics()
        values = model.train_on_batch(
            data["x"], data["y"], data.get("sampleWeight"), class_weight=class_weight, return_dict=True
        )
        batches.append(packed(data))
        steps.append(named(values))
    return {"batches": batches, "steps": steps}


def fit(model, inputs, input_shape, targets, sample_weight, class_weight):
    data = draw(inputs, 10, input_shape, targets, sample_weight)
    validation = draw(inputs, 5, input_shape, targets, False)
    history = model.fit(
        data["x"],
        data["y"],
        sample_weight=data.get("sampleWeight"),
        class_weight=class_weight,
        batch_size=4,
        epochs=3,
        shuffle=False,
        validation_data=(validation["x"], validation["y"]),
        verbose=0,
    ).history
    return {
        "data": packed(data),
        "validation": packed(validation),
        "batchSize": 4,
        "history": {camel(key): [number(v) for v in values] for key, values in history.items()},
        "predictions": tensor(model.predict(validation["x"], verbose=0)),
    }


def draw(inputs, rows, input_shape, targets, sample_weight):
    data = {"x": inputs.normal((rows, *input_shape)), "y": targets(inputs, rows)}
    return {**data, "sampleWeight": inputs.positive((rows,))} if sample_weight else data


def packed(data):
    return {key: tensor(value) for key, value in data.items()}


def named(values):
    return {camel(key): number(np.asarray(value)) for key, value in values.items()}


def camel(name):
    """val_mean_absolute_error -> val_meanAbsoluteError"""
    for prefix in ("val_", "weighted_"):
        if name.startswith(prefix):
            return prefix + camel(name.removeprefix(prefix))
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)

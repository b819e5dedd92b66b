"""Callbacks that watch a result: what they decide on made-up results, epoch by epoch."""

import types

import keras

from common import label, number, snake

FALLING = [1.0, 0.8, 0.7, 0.71, 0.69, 0.7, 0.72, 0.73, 0.74, 0.75, 0.76, 0.77]
FLAT = [0.5, 0.5, 0.49995, 0.4999, 0.4, 0.4, 0.4, 0.4, 0.4, 0.4, 0.4, 0.4]
WITH_NAN = [0.9, float("nan"), 0.8, 0.85, float("nan"), 0.84, 0.83, 0.82, 0.81, 0.80, 0.79, 0.78]

EARLY_STOPPING = [
    ({}, FALLING),
    ({"patience": 2}, FALLING),
    ({"patience": 3, "minDelta": 0.05}, FALLING),
    ({"patience": 2, "baseline": 0.75}, FALLING),
    ({"patience": 3, "baseline": 0.1}, FALLING),
    ({"patience": 1, "startFromEpoch": 5}, FALLING),
    ({"patience": 2, "mode": "max"}, FALLING),
    ({"patience": 4}, FLAT),
    ({"patience": 2}, WITH_NAN),
]
REDUCE = [
    ({"patience": 2}, FALLING),
    ({"patience": 1, "factor": 0.5, "cooldown": 2}, FALLING),
    ({"patience": 1, "factor": 0.5, "minLr": 0.03}, FALLING),
    ({"patience": 2, "mode": "max"}, FALLING),
    ({"patience": 1}, FLAT),
    ({"patience": 1, "minDelta": 0}, FLAT),
    ({"patience": 2}, WITH_NAN),
]


def stub():
    """As much of a model as these callbacks look at; its weights are the number of the epoch."""
    model = types.SimpleNamespace(metrics=[], stop_training=False, epoch=0, restored=None)
    model.optimizer = types.SimpleNamespace(learning_rate=0.1)
    model.get_weights = lambda: model.epoch
    model.set_weights = lambda epoch: setattr(model, "restored", epoch)
    return model


def run(callback, options, results, extra):
    model = stub()
    built = getattr(keras.callbacks, callback)(**{snake(k): v for k, v in options.items()}, **extra)
    built.set_model(model)
    built.on_train_begin()
    rates = []
    for epoch, value in enumerate(results):
        model.epoch = epoch
        built.on_epoch_end(epoch, {"val_loss": value})
        rates.append(number(model.optimizer.learning_rate))
        if model.stop_training:
            break
    built.on_train_end()
    return {
        "name": f"{label(callback, options)} {'falling' if results is FALLING else 'flat' if results is FLAT else 'nan'}",
        "callback": callback,
        "options": options,
        "results": [number(value) for value in results],
        # What each epoch that was run left as the learning rate.
        "rates": rates,
        "restored": model.restored,
    }


def make():
    return {
        "cases": [
            *(run("EarlyStopping", *spec, {"restore_best_weights": True}) for spec in EARLY_STOPPING),
            *(run("ReduceLROnPlateau", *spec, {}) for spec in REDUCE),
        ]
    }

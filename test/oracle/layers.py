"""Layers: outputs, gradients, moving statistics, declared shapes and parameter counts."""

import tensorflow as tf

from common import Inputs, build, label, tensor


def case(layer, input_shape, options=None, training=(False,), batch=2, extra=False, distinct=False):
    return dict(
        layer=layer,
        input_shape=input_shape,
        options=options or {},
        training=training,
        batch=batch,
        extra=extra,
        distinct=distinct,
    )


def conv(filters, size, input_shape=(5, 6, 2), extra=False, **options):
    return case("Conv2D", input_shape, {"filters": filters, "kernelSize": size, **options}, extra=extra)


def pool(kind, input_shape=(5, 6, 2), **options):
    return case(kind, input_shape, options, distinct=True)


ACTIVATIONS = ["linear", "relu", "sigmoid", "tanh", "softmax", "elu", "selu", "gelu", "silu", "softplus", "softsign"]
L1, L2 = {"regularizer": "l1", "options": {"l1": 0.02}}, {"regularizer": "l2", "options": {"l2": 0.03}}
L1L2 = {"regularizer": "l1L2", "options": {"l1": 0.01, "l2": 0.05}}


def cases():
    yield case("Flatten", (3, 4))
    yield case("Flatten", (2, 3, 2))
    yield case("Flatten", ())
    yield case("Flatten", (5,))

    yield case("Dense", (4,), {"units": 3}, batch=3)
    for activation in ACTIVATIONS:
        yield case("Dense", (4,), {"units": 3, "activation": activation}, batch=3)
    yield case("Dense", (4,), {"units": 3, "useBias": False, "activation": "relu"}, batch=3)
    yield case("Dense", (2, 4), {"units": 3, "activation": "tanh"})
    yield case("Dense", (4,), {"units": 2, "kernelRegularizer": L2, "biasRegularizer": L1}, batch=3)
    yield case("Dense", (4,), {"units": 2, "kernelRegularizer": L1L2}, batch=3)
    yield case("Dense", (4,), {"units": 2, "activityRegularizer": L2}, batch=3, extra=True)

    for activation in ACTIVATIONS:
        yield case("Activation", (2, 3), {"activation": activation})

    yield case("Dropout", (4, 3), {"rate": 0.5})
    yield case("Dropout", (4,), {"rate": 0}, training=(True, False))

    yield conv(3, [3, 3])
    yield conv(3, 3, padding="same", activation="relu")
    yield conv(2, [2, 3], strides=[2, 1])
    yield conv(2, [3, 3], padding="same", strides=[2, 2], activation="relu")
    yield conv(2, [2, 2], padding="same", strides=2, useBias=False)
    yield conv(2, [2, 2], dilationRate=[2, 2])
    yield conv(2, [3, 3], padding="same", dilationRate=2, useBias=False)
    yield conv(4, 1, activation="sigmoid")
    yield conv(1, [5, 6], input_shape=(5, 6, 1))
    yield conv(2, 3, input_shape=(7, 7, 3), strides=3, activation="tanh")
    yield conv(2, 3, kernelRegularizer=L2, biasRegularizer=L2)
    yield conv(4, 3, extra=True, groups=2)

    yield pool("MaxPooling2D")
    for kind in ("MaxPooling2D", "AveragePooling2D"):
        yield pool(kind, poolSize=2)
        yield pool(kind, poolSize=[2, 3])
        yield pool(kind, poolSize=2, padding="same")
        yield pool(kind, poolSize=[3, 3], strides=[1, 2])
        yield pool(kind, poolSize=3, strides=2, padding="same")
        yield pool(kind, poolSize=2, strides=1, padding="same", input_shape=(3, 3, 1))
        yield pool(kind, poolSize=2, strides=3)
    for kind in ("GlobalAveragePooling2D", "GlobalMaxPooling2D"):
        yield pool(kind, input_shape=(3, 4, 2))
        yield pool(kind, input_shape=(3, 4, 2), keepdims=True)

    steps = (True, True, True, False)
    yield case("BatchNormalization", (3,), {}, training=steps, batch=5)
    yield case("BatchNormalization", (3, 4, 2), {}, training=steps)
    yield case("BatchNormalization", (4, 2), {}, training=(True, False), batch=3)
    yield case("BatchNormalization", (3, 4, 2), {"center": False}, training=(True, False))
    yield case("BatchNormalization", (3, 4, 2), {"scale": False}, training=(True, False))
    yield case("BatchNormalization", (3,), {"center": False, "scale": False}, training=(True, False), batch=5)
    yield case("BatchNormalization", (3, 4, 2), {"momentum": 0.5, "epsilon": 0.01}, training=steps)
    yield case("BatchNormalization", (3,), {"momentum": 0}, training=(True, False), batch=5)
    yield case("BatchNormalization", (3, 4, 2), {"axis": 1}, training=(True, False), extra=True)

    yield case("Reshape", (6,), {"targetShape": [2, 3]})
    yield case("Reshape", (6,), {"targetShape": [-1, 2]})
    yield case("Reshape", (2, 3, 2), {"targetShape": [3, -1]})
    yield case("Reshape", (2, 3), {"targetShape": [-1]})


def make():
    return {"cases": [run(**spec) for spec in cases()]}


def run(layer, input_shape, options, training, batch, extra, distinct):
    name = label(layer, options, input_shape)
    inputs = Inputs(name)
    built = build("layers", layer, options)
    shape = (None, *input_shape)
    built.build(shape)
    for weight in built.weights:
        weight.assign(inputs.positive(weight.shape) if "variance" in weight.name else inputs.normal(weight.shape, 0.5))
    result = {
        "name": name,
        "layer": layer,
        "options": options,
        "inputShape": list(shape),
        "outputShape": list(built.compute_output_shape(shape)),
        "params": {
            "total": built.count_params(),
            "trainable": sum(int(w.numpy().size) for w in built.trainable_weights),
        },
        "weights": [
            {"name": w.name, "trainable": bool(w.trainable), "value": tensor(w.numpy())} for w in built.weights
        ],
        "steps": [step(built, inputs, (batch, *input_shape), mode, distinct) for mode in training],
    }
    return {**result, "extra": True} if extra else result


def step(built, inputs, shape, training, distinct):
    """One call and its gradients; the layer's moving statistics go on from where the last step left them."""
    x = tf.constant(inputs.distinct(shape) if distinct else inputs.normal(shape))
    with tf.GradientTape(persistent=True) as tape:
        tape.watch(x)
        y = built(x, training=training)
        dy = tf.constant(inputs.normal(y.shape))
        target = tf.reduce_sum(y * dy)
        penalty = tf.add_n(built.losses) if built.losses else None
    kernels = [w.value for w in built.trainable_weights]
    dx, dweights = tape.gradient(target, (x, kernels), unconnected_gradients="zero")
    result = {
        "training": training,
        "x": tensor(x),
        "y": tensor(y),
        "dy": tensor(dy),
        "dx": tensor(dx),
        "dweights": [tensor(g) for g in dweights],
        "nonTrainable": [tensor(w.numpy()) for w in built.non_trainable_weights],
    }
    if penalty is not None:
        gradients = tape.gradient(penalty, kernels, unconnected_gradients="zero")
        result["penalty"] = {"value": tensor(penalty), "dweights": [tensor(g) for g in gradients]}
    return result

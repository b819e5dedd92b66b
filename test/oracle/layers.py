"""Layers: outputs, gradients, moving statistics, declared shapes and parameter counts."""

import keras
import numpy as np
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


    yield from later()


def later():
    """Layers beyond those that the main models need."""
    for kind, options in (
        ("ZeroPadding2D", {}),
        ("ZeroPadding2D", {"padding": 2}),
        ("ZeroPadding2D", {"padding": [2, 1]}),
        ("ZeroPadding2D", {"padding": [[1, 0], [2, 3]]}),
        ("UpSampling2D", {}),
        ("UpSampling2D", {"size": [1, 3]}),
        ("UpSampling2D", {"size": [2, 3], "interpolation": "bilinear"}),
        ("DepthwiseConv2D", {"kernelSize": 3}),
        ("DepthwiseConv2D", {"kernelSize": [2, 3], "strides": 2, "padding": "same", "depthMultiplier": 2}),
        ("DepthwiseConv2D", {"kernelSize": 2, "dilationRate": 2, "useBias": False, "activation": "relu"}),
        ("SeparableConv2D", {"filters": 3, "kernelSize": 3}),
        ("SeparableConv2D", {"filters": 2, "kernelSize": 2, "strides": 2, "padding": "same", "depthMultiplier": 3}),
        ("Conv2DTranspose", {"filters": 3, "kernelSize": 3}),
        ("Conv2DTranspose", {"filters": 2, "kernelSize": 3, "strides": 2, "padding": "same", "activation": "tanh"}),
        ("Conv2DTranspose", {"filters": 2, "kernelSize": 2, "strides": 3, "useBias": False}),
        ("Conv2DTranspose", {"filters": 2, "kernelSize": [3, 2], "strides": 2, "padding": "same", "outputPadding": 1}),
        ("Conv2DTranspose", {"filters": 2, "kernelSize": 3, "strides": 2, "outputPadding": 1}),
    ):
        yield case(kind, (4, 3, 2), options, extra=True)
    yield case("ReLU", (2, 3), {}, extra=True)
    yield case("ReLU", (2, 3), {"negativeSlope": 0.1, "maxValue": 1, "threshold": 0.3}, extra=True)
    yield case("LeakyReLU", (2, 3), {}, extra=True)
    yield case("LeakyReLU", (2, 3), {"negativeSlope": 0.1}, extra=True)
    yield case("Softmax", (2, 3), {}, extra=True)
    yield case("Softmax", (2, 3), {"axis": 1}, extra=True)
    yield case("GaussianNoise", (4,), {"stddev": 0.5}, extra=True)
    yield case("LayerNormalization", (4,), {}, extra=True)
    yield case("LayerNormalization", (2, 3, 4), {"epsilon": 0.1}, extra=True)
    yield case("LayerNormalization", (2, 4), {"center": False, "scale": False}, extra=True)
    yield case("LayerNormalization", (2, 3, 4), {"axis": [1, 3]}, extra=True)
    for options in (
        {"filters": 3, "kernelSize": 3},
        {"filters": 2, "kernelSize": 3, "strides": 2, "padding": "same", "activation": "relu"},
        {"filters": 2, "kernelSize": 2, "dilationRate": 2, "padding": "causal"},
        {"filters": 4, "kernelSize": 2, "groups": 2, "useBias": False},
    ):
        yield case("Conv1D", (7, 2), options, extra=True)
    for kind in ("MaxPooling1D", "AveragePooling1D"):
        yield case(kind, (7, 2), {"poolSize": 2}, distinct=True, extra=True)
        yield case(kind, (7, 2), {"poolSize": 3, "strides": 2, "padding": "same"}, distinct=True, extra=True)
    for kind in ("GlobalAveragePooling1D", "GlobalMaxPooling1D"):
        yield case(kind, (5, 2), {}, distinct=True, extra=True)
        yield case(kind, (5, 2), {"keepdims": True}, distinct=True, extra=True)
    yield case("Permute", (2, 3, 4), {"dims": [3, 1, 2]}, extra=True)
    yield case("RepeatVector", (3,), {"n": 4}, extra=True)
    yield case("Embedding", (6,), {"inputDim": 5, "outputDim": 3}, extra=True)
    yield case("Embedding", (2, 3), {"inputDim": 4, "outputDim": 2}, extra=True)


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
    if isinstance(built, keras.layers.Embedding):
        x = tf.constant(inputs.classes(int(np.prod(shape)), built.input_dim).reshape(shape))
    else:
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
        # Indices have no gradient.
        "dx": tensor(tf.zeros(0) if dx is None else dx),
        "dweights": [tensor(tf.convert_to_tensor(g)) for g in dweights],
        "nonTrainable": [tensor(w.numpy()) for w in built.non_trainable_weights],
    }
    if penalty is not None:
        gradients = tape.gradient(penalty, kernels, unconnected_gradients="zero")
        result["penalty"] = {"value": tensor(penalty), "dweights": [tensor(g) for g in gradients]}
    return result

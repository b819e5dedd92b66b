"""Keras's part of `npm run oracle:saving` (run.ts): `keras_side.py make|check FOLDER`.

make: builds each model of specs.json, trains it a little, saves it as KERAS_N.keras, and writes what comes next.
check: loads what the other side saved, and compares with what the other side says comes next.
"""

import base64
import json
import os
import re
import sys
from pathlib import Path

# On JAX gradients of an embedding are dense. On TensorFlow Keras squares the rows of an id that stands twice in a batch
# before it adds them up, so that RMSprop, Adam and their kin go another way there.
os.environ.setdefault("KERAS_BACKEND", "jax")
os.environ["JAX_PLATFORMS"] = "cpu"

import jax  # noqa: E402
import keras  # noqa: E402
import numpy as np  # noqa: E402

STEPS_BEFORE = 2
STEPS_AFTER = 3
MODULES = [
    keras.layers,
    keras.initializers,
    keras.regularizers,
    keras.optimizers,
    keras.optimizers.schedules,
]
WORDS = ("activation", "reduction", "mode", "distribution")


def snake(name):
    name = re.sub(r"([A-Z])", lambda m: "_" + m.group(1).lower(), name)
    return re.sub(r"^beta([12])$", r"beta_\1", name)


def build(value, module=None):
    """The Keras object that { className, config } in our spelling means."""
    name = value["className"]
    owner = module or next(m for m in MODULES if hasattr(m, name))
    options = {snake(key): option(key, each) for key, each in value["config"].items()}
    return getattr(owner, name)(**options)


def option(key, value):
    if isinstance(value, dict):
        return build(value)
    if key in WORDS:
        return snake(value)
    return tuple(value) if isinstance(value, list) and key not in ("boundaries", "values") else value


def model_of(spec):
    model = keras.Sequential(
        [keras.layers.Input(spec["inputShape"]), *map(build, spec["layers"])], name=spec["name"]
    )
    metrics = [snake(m) if isinstance(m, str) else build(m, keras.metrics) for m in spec["metrics"]]
    model.compile(
        optimizer=build(spec["optimizer"]), loss=build(spec["loss"], keras.losses), metrics=metrics
    )
    return model


def array(values):
    return np.frombuffer(base64.b64decode(values["data"]), "float32").reshape(values["shape"])


def train(model, spec, steps):
    """The loss and then the metrics, by name, of some steps on all rows."""
    x, y = array(spec["x"]), array(spec["y"])
    results = []
    for _ in range(steps):
        model.reset_metrics()
        logs = model.train_on_batch(x, y, return_dict=True)
        loss = logs.pop("loss")
        names = sorted(logs, key=lambda name: name.replace("_", "").lower())
        results.append([float(loss), *(float(logs[name]) for name in names)])
    return results


def after(model, spec):
    prediction = np.asarray(model.predict_on_batch(array(spec["x"])))
    return {
        "prediction": {
            "shape": prediction.shape,
            "data": base64.b64encode(prediction.astype("float32").tobytes()).decode(),
        },
        "results": train(model, spec, STEPS_AFTER),
    }


def make(folder, specs):
    outcomes = []
    for i, spec in enumerate(specs):
        keras.backend.clear_session()
        keras.utils.set_random_seed(i)
        model = model_of(spec)
        train(model, spec, STEPS_BEFORE)
        model.save(folder / f"keras_{i}.keras")
        outcomes.append(after(model, spec))
    # What is no number teaches nothing: such a model must not be among them.
    (folder / "keras.json").write_text(json.dumps(outcomes, allow_nan=False))


def check(folder, specs):
    """What Keras does with each model that the other side saved."""
    outcomes = {}
    for kind in ("ours", "again"):
        outcomes[kind] = []
        for i, spec in enumerate(specs):
            keras.backend.clear_session()
            try:
                model = keras.models.load_model(folder / f"{kind}_{i}.keras")
                outcomes[kind].append(after(model, spec))
            except Exception as error:
                outcomes[kind].append({"error": f"{type(error).__name__}: {error}"})
    (folder / "checked.json").write_text(json.dumps(outcomes))


if __name__ == "__main__":
    command, path = sys.argv[1], Path(sys.argv[2])
    # The same model comes three times.
    jax.config.update("jax_compilation_cache_dir", str(path / "compiled"))
    jax.config.update("jax_persistent_cache_min_compile_time_secs", 0)
    {"make": make, "check": check}[command](path, json.loads((path / "specs.json").read_text()))

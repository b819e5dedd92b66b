"""Functional models of Keras: one that is a chain, and others: `python test/oracle/saving/functional.py`."""

import json
import os
import tempfile
import zipfile
from pathlib import Path

os.environ["KERAS_BACKEND"] = "tensorflow"
os.environ["CUDA_VISIBLE_DEVICES"] = "-1"
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras  # noqa: E402
import numpy as np  # noqa: E402
from keras import layers as L  # noqa: E402

ARCHIVE = Path(__file__).parents[2] / "saving" / "fixtures" / "functional.zip"


def chain():
    images = keras.Input((6, 6, 1))
    x = L.Conv2D(2, 3, activation="relu")(images)
    x = L.BatchNormalization()(x)
    x = L.Dropout(0.2)(x)
    x = L.Conv2D(3, 2)(x)
    x = L.GlobalAveragePooling2D()(x)
    model = keras.Model(images, L.Dense(3, activation="softmax")(x), name="chain")
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    rng = np.random.default_rng(1)
    model.fit(rng.normal(size=(8, 6, 6, 1)), rng.integers(0, 3, 8), verbose=0)
    return model


def others():
    x, y = keras.Input((4,)), keras.Input((4,))
    shared, dense = L.Dense(4), L.Dense(3)(x)
    return {
        "two-branches": keras.Model(x, L.Add()([L.Dense(3)(x), L.Dense(3)(x)])),
        "a-shared-layer": keras.Model(x, L.Dense(3)(shared(shared(x)))),
        "two-inputs": keras.Model([x, y], L.Dense(3)(L.Concatenate()([x, y]))),
        "two-outputs": keras.Model(x, [dense, L.Dense(3)(dense)]),
        "an-inner-output": keras.Model(x, [dense, L.Dense(3)(dense)][0]),
        "dropout-that-always-drops": keras.Model(x, L.Dropout(0.5)(dense, training=True)),
        "a-model-in-a-model": keras.Model(x, L.Dense(3)(keras.Sequential([L.Dense(3)])(x))),
        "an-operation": keras.Model(x, L.Dense(3)(x * 2)),
    }


if __name__ == "__main__":
    keras.utils.set_random_seed(1)
    with tempfile.TemporaryDirectory() as name, zipfile.ZipFile(ARCHIVE, "w") as archive:
        folder = Path(name)
        model = chain()
        model.save(folder / "chain.keras")
        x = np.linspace(-1, 1, 3 * 36, dtype="float32").reshape(3, 6, 6, 1)
        expected = {"x": x.ravel().tolist(), "y": model.predict(x, verbose=0).ravel().tolist()}
        (folder / "chain.json").write_text(json.dumps(expected))
        for kind, other in others().items():
            other.save(folder / f"{kind}.keras")
        for file in sorted(folder.iterdir()):
            archive.writestr(zipfile.ZipInfo(file.name), file.read_bytes(), zipfile.ZIP_DEFLATED)

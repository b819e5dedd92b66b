"""One model in every HDF5 form that Keras has: `python test/oracle/saving/h5_weights.py`. Needs tf_keras, Keras 2."""

import io
import json
import os
import tempfile
import zipfile
from pathlib import Path

os.environ["KERAS_BACKEND"] = "tensorflow"
os.environ["CUDA_VISIBLE_DEVICES"] = "-1"
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import h5py  # noqa: E402
import keras  # noqa: E402
import numpy as np  # noqa: E402
import tf_keras  # noqa: E402

ARCHIVE = Path(__file__).parents[2] / "saving" / "fixtures" / "h5-weights.zip"


def model(keras=keras):
    keras.utils.set_random_seed(1)
    built = keras.Sequential(
        [
            keras.layers.Input((6, 6, 1)),
            keras.layers.Conv2D(2, 3, activation="relu"),
            keras.layers.BatchNormalization(),
            keras.layers.Flatten(),
            keras.layers.Dropout(0.2),
            keras.layers.Dense(4, activation="tanh"),
            keras.layers.Dense(3),
        ]
    )
    built.compile("adam", "mse")
    rng = np.random.default_rng(1)
    built.fit(rng.normal(size=(8, 6, 6, 1)), rng.normal(size=(8, 3)), verbose=0)
    return built


def keras2(whole_model):
    """Weights alone as Keras 2 wrote them: at the root, names as bytes and with ":0"; a long list in two parts."""
    buffer = io.BytesIO()
    with h5py.File(whole_model) as old, h5py.File(buffer, "w") as new:
        weights = old["model_weights"]
        names = [name.encode() for name in weights.attrs["layer_names"]]
        new.attrs["layer_names0"], new.attrs["layer_names1"] = names[:2], names[2:]
        new.attrs["backend"] = b"tensorflow"
        new.attrs["keras_version"] = b"2.15.0"
        for layer in (name.decode() for name in names):
            group = new.create_group(layer)
            paths = list(weights[layer].attrs["weight_names"])
            group.attrs["weight_names"] = [f"{path}:0".encode() for path in paths]
            for path in paths:
                group[f"{path}:0"] = weights[layer][path][()]
    return buffer.getvalue()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as name, zipfile.ZipFile(ARCHIVE, "w") as archive:
        folder = Path(name)
        built = model()
        built.save(folder / "model.keras")
        built.save(folder / "keras3-legacy.h5")
        built.save_weights(folder / "keras3.weights.h5")
        (folder / "keras2.h5").write_bytes(keras2(folder / "keras3-legacy.h5"))
        old = model(tf_keras)
        old.save(folder / "keras2-model.h5")
        x = (np.arange(72, dtype=np.float32) / 72).reshape(2, 6, 6, 1)
        predictions = {f"{name}.h5": m.predict(x, verbose=0).ravel().tolist() for name, m in
                       (("keras2-model", old), ("keras3-legacy", built))}
        (folder / "predictions.json").write_text(json.dumps(predictions))
        for file in sorted(folder.iterdir()):
            archive.writestr(zipfile.ZipInfo(file.name), file.read_bytes(), zipfile.ZIP_DEFLATED)

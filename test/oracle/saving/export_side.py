"""TensorFlow's part of `npm run oracle:export` (export.ts): `export_side.py FOLDER`."""

import base64
import json
import os
import sys
from pathlib import Path

os.environ["CUDA_VISIBLE_DEVICES"] = "-1"
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np  # noqa: E402
import tensorflow as tf  # noqa: E402

TOLERANCE = 1e-5


def array(values):
    return np.frombuffer(base64.b64decode(values["data"]), np.float32).reshape(values["shape"])


def saved_model(path):
    loaded = tf.saved_model.load(str(path))
    signature = loaded.signatures["serving_default"]
    (spec,) = signature.structured_input_signature[1].values()
    assert spec.shape[0] is None, spec
    # The signature lives as long as what it was loaded with.
    return lambda x: (loaded, signature(inputs=tf.constant(x))["output_0"].numpy())[1]


def frozen(path):
    graph_def = tf.compat.v1.GraphDef.FromString(path.read_bytes())
    wrapped = tf.compat.v1.wrap_function(lambda: tf.import_graph_def(graph_def, name=""), [])
    run = wrapped.prune("inputs:0", "output_0:0")
    return lambda x: (wrapped, run(tf.constant(x)).numpy())[1]


def main(folder):
    cases = json.loads((folder / "cases.json").read_text())
    worst, differences = 0.0, 0
    for i, case in enumerate(cases):
        x, expected = array(case["x"]), array(case["prediction"])
        for way, run in (
            ("SavedModel", saved_model(folder / f"model_{i}")),
            ("GraphDef", frozen(folder / f"model_{i}.pb")),
        ):
            for rows in (1, 3, len(x)):
                error = np.abs(run(x[:rows]) - expected[:rows]) / np.maximum(1, np.abs(expected[:rows]))
                worst = max(worst, error.max())
                if not error.max() <= TOLERANCE:
                    differences += 1
                    print(f"{way} {case['name']}, {rows} rows: {error.max()}")
    print(f"{len(cases)} models, SavedModel and GraphDef each: {differences} differences, worst {worst:.1e}")
    return 1 if differences else 0


sys.exit(main(Path(sys.argv[1])))

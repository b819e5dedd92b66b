"""Keras's part of `npm run oracle:arguments` (every-argument.ts): loads each model, computes, and saves it again."""

import base64
import json
import sys
from pathlib import Path

from keras_side import array, keras, np


def there_and_back(folder, number, x):
    keras.backend.clear_session()
    model = keras.models.load_model(folder / f"ours_{number}.keras")
    model.save(folder / f"again_{number}.keras")
    if x is None:
        return {}
    y = np.asarray(model(array(x), training=False)).astype("float32")
    return {"y": {"shape": y.shape, "data": base64.b64encode(y.tobytes()).decode()}}


def outcome(*case):
    try:
        return there_and_back(*case)
    except Exception as error:
        return {"error": f"{type(error).__name__}: {error}"[:2000]}


folder = Path(sys.argv[1])
cases = json.loads((folder / "cases.json").read_text())
outcomes = [outcome(folder, number, x) for number, x in enumerate(cases)]
(folder / "outcomes.json").write_text(json.dumps(outcomes))

"""Reading digits, with NumPy alone or, with --pandas, through pandas."""

from pathlib import Path

import numpy as np

from common import arguments, images, report, seconds

args = arguments(pandas={"action": "store_true"})
csv = Path(args.data) / "digits.csv"


def middle(load):
    return sorted(seconds(load) for _ in range(5))[2]


if args.pandas:
    import pandas

    measures = {"CSV (s)": middle(lambda: pandas.read_csv(csv).to_numpy("uint8"))}
    report("pandas", {"pandas": pandas.__version__}, args, {"measures": measures})
else:
    measures = {
        "IDX (s)": middle(lambda: images(args.data, None)),
        "CSV (s)": middle(lambda: np.loadtxt(csv, "uint8", delimiter=",", skiprows=1)),
    }
    report("numpy", {"numpy": np.__version__}, args, {"measures": measures})

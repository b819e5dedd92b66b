"""What the Python peers share: arguments, images from IDX files, time, and the one JSON line that they print."""

import argparse
import json
import resource
import sys
import time
from pathlib import Path

import numpy as np

WARM_UP_SECONDS = 3
CALLS = 5000


def arguments(**more):
    parser = argparse.ArgumentParser()
    parser.add_argument("--workload", required=True)
    parser.add_argument("--task", choices=["train", "predict", "load"], required=True)
    parser.add_argument("--model", choices=["softmax", "mlp", "cnn", "wide", "deep"])
    parser.add_argument("--batch", type=int, required=True)
    parser.add_argument("--precision", choices=["float32", "mixed_bfloat16"], default="float32")
    parser.add_argument("--epochs", type=int, required=True)
    parser.add_argument("--samples", type=int, required=True, help="take the first so many")
    parser.add_argument("--data", required=True, help="folder of four IDX files, named as MNIST's")
    for name, options in more.items():
        parser.add_argument(f"--{name}", **options)
    return parser.parse_args()


def images(folder, samples):
    """(train images, train labels, test images, test labels): float32 in 0..1 of [n, ...], int32."""
    x, y = pair(folder, "train")
    return x[:samples], y[:samples], *pair(folder, "t10k")


def pair(folder, part):
    x = idx(folder, f"{part}-images-idx3-ubyte").astype("float32") / 255
    return x, idx(folder, f"{part}-labels-idx1-ubyte").astype("int32")


def idx(folder, name):
    data = (Path(folder) / name).read_bytes()
    shape = np.frombuffer(data, ">u4", count=data[3], offset=4)
    return np.frombuffer(data, "uint8", offset=4 + 4 * len(shape)).reshape(shape)


class Epochs:
    """Takes the time of each epoch."""

    def __init__(self):
        self.done = []

    def begin(self):
        self.started = time.perf_counter()

    def end(self, loss, accuracy):
        seconds = time.perf_counter() - self.started
        self.done.append({"seconds": round(seconds, 4), "loss": round(loss, 5), "accuracy": round(accuracy, 5)})


def seconds(call):
    began = time.perf_counter()
    call()
    return time.perf_counter() - began


def measure_predictions(one, many, count):
    """What predictions cost, in microseconds: `one` of one sample, host to host, `many` of `count`."""
    assert abs(float(np.sum(one())) - 1) < 1e-4
    end = time.perf_counter() + WARM_UP_SECONDS
    while time.perf_counter() < end:
        one()
    times = sorted(seconds(one) * 1e6 for _ in range(CALLS))
    many()
    whole = sorted(seconds(many) * 1e6 for _ in range(5))[2]
    return {
        "measures": {
            "one sample, p50 (us)": times[CALLS // 2],
            "one sample, p99 (us)": times[CALLS * 99 // 100],
            "at 1,024, each (us)": whole / count,
        }
    }


def report(peer, versions, args, what):
    """`what` is {epochs, testAccuracy} or {measures}."""
    # Linux counts in KiB, macOS in bytes.
    unit = 1 if sys.platform == "darwin" else 1024
    result = {
        "peer": peer,
        "versions": {"python": sys.version.split()[0], **versions},
        "workload": args.workload,
        **what,
        "peakMemoryMiB": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 2**20),
    }
    print(json.dumps(result))

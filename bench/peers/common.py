"""What the Python peers share: arguments, MNIST from IDX files, and the one JSON line that they print."""

import argparse
import json
import resource
import sys
import time
from pathlib import Path

import numpy as np

BATCH = 128
TRAIN = 55_000


def arguments(**more):
    parser = argparse.ArgumentParser()
    parser.add_argument("--workload", choices=["softmax", "mlp", "cnn", "process"], required=True)
    parser.add_argument("--epochs", type=int, required=True)
    parser.add_argument("--data", required=True, help="folder of MNIST's four IDX files")
    parser.add_argument("--samples", type=int, default=TRAIN, help="train on the first so many digits")
    for name, options in more.items():
        parser.add_argument(f"--{name}", **options)
    args = parser.parse_args()
    # From command to score is the MLP too; whoever starts this process takes the time.
    args.model = "mlp" if args.workload == "process" else args.workload
    return args


def mnist(folder, samples):
    """(train images, train labels, test images, test labels): float32 in 0..1 of [n, 28, 28], int32."""
    images, labels = pair(folder, "train")
    return images[:samples], labels[:samples], *pair(folder, "t10k")


def pair(folder, part):
    images = idx(folder, f"{part}-images-idx3-ubyte", 16).reshape(-1, 28, 28).astype("float32") / 255
    return images, idx(folder, f"{part}-labels-idx1-ubyte", 8).astype("int32")


def idx(folder, name, header):
    return np.frombuffer((Path(folder) / name).read_bytes(), "uint8", offset=header)


class Epochs:
    """Takes the time of each epoch."""

    def __init__(self):
        self.done = []

    def begin(self):
        self.started = time.perf_counter()

    def end(self, loss, accuracy):
        seconds = time.perf_counter() - self.started
        self.done.append({"seconds": round(seconds, 4), "loss": round(loss, 5), "accuracy": round(accuracy, 5)})


def report(peer, versions, args, epochs, test_accuracy):
    # Linux counts in KiB, macOS in bytes.
    unit = 1 if sys.platform == "darwin" else 1024
    result = {
        "peer": peer,
        "versions": {"python": sys.version.split()[0], **versions},
        "workload": args.workload,
        "epochs": epochs.done,
        "firstEpochSeconds": epochs.done[0]["seconds"],
        "testAccuracy": round(test_accuracy, 4),
        "peakMemoryMiB": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 2**20),
    }
    print(json.dumps(result))

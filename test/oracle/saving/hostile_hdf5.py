"""HDF5 files that a `.keras` file must not bring in, made by the real library: `python test/oracle/saving/hostile_hdf5.py`.

Each is the weights of one Dense(2) layer on three inputs, right but for the kernel (or what is said).
"""

import io
import zipfile
from pathlib import Path

import h5py
import numpy as np

ARCHIVE = Path(__file__).parents[2] / "saving" / "fixtures" / "hdf5.zip"
KERNEL = np.arange(6, dtype="float32").reshape(3, 2)


def external(group):
    group.create_dataset("0", (3, 2), "f4", external=[("/etc/passwd", 0, 24)])


def virtual(group):
    layout = h5py.VirtualLayout((3, 2), "f4")
    layout[:] = h5py.VirtualSource("/etc/passwd", "x", (3, 2))
    group.create_virtual_dataset("0", layout)


def soft_link(group):
    group.file.create_dataset("elsewhere", data=KERNEL)
    group["0"] = h5py.SoftLink("/elsewhere")


def external_link(group):
    group["0"] = h5py.ExternalLink("/etc/passwd", "/x")


def hard_link_cycle(group):
    group["0"] = group.parent


def hard_link_twice(group):
    group["0"] = KERNEL
    group["again"] = group["0"]


def committed_type(group):
    group.file["type"] = np.dtype("f4")
    group.create_dataset("0", data=KERNEL, dtype=group.file["type"])


def never_written(group):
    space = h5py.h5s.create_simple((3, 2))
    h5py.h5d.create(group.id, b"0", h5py.h5t.IEEE_F32LE, space)


def never_written_bomb(group):
    space = h5py.h5s.create_simple((1 << 20, 1 << 20))
    h5py.h5d.create(group.id, b"0", h5py.h5t.IEEE_F32LE, space)


def null_space(group):
    group["0"] = h5py.Empty("f4")


def dataset(*args, **kwargs):
    return lambda group: group.create_dataset("0", *args, **kwargs)


def of_type(dtype):
    return dataset(data=KERNEL.astype(dtype))


CASES = {
    "external-storage": external,
    "virtual": virtual,
    "soft-link": soft_link,
    "external-link": external_link,
    "hard-link-cycle": hard_link_cycle,
    "hard-link-twice": hard_link_twice,
    "committed-type": committed_type,
    "never-written": never_written,
    "never-written-bomb": never_written_bomb,
    "null-space": null_space,
    "chunked": dataset(data=KERNEL, chunks=(3, 2)),
    "gzip": dataset(data=KERNEL, chunks=(3, 2), compression="gzip"),
    "gzip-bomb": dataset((1 << 20, 1 << 20), "f4", chunks=(1024, 1024), compression="gzip", fillvalue=1),
    "lzf": dataset(data=KERNEL, chunks=(3, 2), compression="lzf"),
    "shuffle": dataset(data=KERNEL, chunks=(3, 2), shuffle=True),
    "fletcher32": dataset(data=KERNEL, chunks=(3, 2), fletcher32=True),
    "scale-offset": dataset(data=KERNEL.astype("i4"), chunks=(3, 2), scaleoffset=0),
    "unlimited": dataset(data=KERNEL, maxshape=(None, None)),
    "float64": of_type("f8"),
    "float16": of_type("f2"),
    "big-endian": of_type(">f4"),
    "int8": of_type("i1"),
    "uint32": of_type("u4"),
    "bool": of_type("?"),
    "complex": of_type("c8"),
    "opaque": of_type("V4"),
    "string": dataset(data="kernel"),
    "bytes": dataset(data=np.array([b"ab", b"cd"])),
    "ragged": dataset((3,), h5py.vlen_dtype("f4")),
    "reference": dataset((3,), h5py.ref_dtype),
    "compound": dataset((3, 2), np.dtype([("a", "f4"), ("b", "f4")])),
    "other-shape": dataset(data=KERNEL.T.copy()),
    "other-rank": dataset(data=KERNEL.ravel()),
    "one-value-more": dataset(data=np.zeros((3, 3), "f4")),
}
FILES = {
    "user-block": {"userblock_size": 512},
    "latest-format": {"libver": "latest"},
    "creation-order": {"track_order": True},
    "kept-free-space": {"fs_strategy": "page", "fs_persist": True},
}


def make(kernel, **options):
    buffer = io.BytesIO()
    with h5py.File(buffer, "w", **options) as file:
        group = file.create_group("layers/dense/vars")
        group.attrs["name"] = "dense"
        kernel(group)
        group["1"] = np.zeros(2, "f4")
        file.create_group("vars").attrs["name"] = "sequential"
    return buffer.getvalue()


if __name__ == "__main__":
    right = dataset(data=KERNEL)
    files = {
        "right": make(right),
        **{name: make(kernel) for name, kernel in CASES.items()},
        **{name: make(right, **options) for name, options in FILES.items()},
    }
    ARCHIVE.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(ARCHIVE, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(f"{name}.h5"), content, zipfile.ZIP_DEFLATED)

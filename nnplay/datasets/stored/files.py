"""Where the large data sets come from: a folder, scikit-learn's cache, or the internet.

The folder that the environment variable ``NNPLAY_DATA_DIR`` names is looked at first, for ``mnist.npz`` and
``california.npz``; without it, scikit-learn fetches the two and keeps them in its own cache.
``python -m nnplay.datasets.stored.files mnist`` fetches one, and keeps it there as such a file, too.

scikit-learn takes a second and a half to import, so that happens only where it is used.
"""

from __future__ import annotations

import os
import zipfile
from pathlib import Path
from typing import Any

import numpy as np

from nnplay.refusal import Refusal
from nnplay.validation import choice, one_line

DIRECTORY_VARIABLE = "NNPLAY_DATA_DIR"
HOSTS = {"mnist": "openml.org", "california": "figshare.com"}
#: What scikit-learn 1.7 and later keep, below their data home.
_CACHED = {"mnist": "openml/openml.org/**/*mnist_784*", "california": "cal_housing_py3.pkz"}
#: What the files must hold: the kind of number, and the shape.
_LAYOUT: dict[str, dict[str, tuple[str, tuple[int, ...]]]] = {
    "mnist": {
        "x_train": ("u", (60_000, 28, 28)),
        "y_train": ("u", (60_000,)),
        "x_test": ("u", (10_000, 28, 28)),
        "y_test": ("u", (10_000,)),
    },
    "california": {"X": ("f", (20_640, 8)), "y": ("f", (20_640,)), "feature_names": ("U", (8,))},
}
_KINDS = {"u": "unsigned integers", "f": "floats", "U": "text"}
_MAX_ITEM_BYTES = 200


class NotAtHand(LookupError):
    """Data that could be neither found nor fetched; the message says what to do."""


def path_of(name: str) -> Path | None:
    """Return the file of "mnist" or "california": in the folder that the environment names, or as kept, or None."""
    choice("name", name, _LAYOUT)
    folder = os.environ.get(DIRECTORY_VARIABLE)
    paths = [Path(folder) / f"{name}.npz"] if folder else []
    return next((path for path in [*paths, _kept_path(name)] if path.is_file()), None)


def _kept_path(name: str) -> Path:
    return scikit_learn_home() / "nnplay" / f"{name}.npz"


def scikit_learn_home() -> Path:
    """Return the folder in which scikit-learn keeps what it fetched; unlike its own function, without creating it."""
    return Path(os.environ.get("SCIKIT_LEARN_DATA", "~/scikit_learn_data")).expanduser()


def is_at_hand(name: str) -> bool:
    """Return whether "mnist" or "california" is available without the net."""
    return path_of(name) is not None or any(scikit_learn_home().glob(_CACHED[name]))


def fetched_megabytes(name: str) -> float:
    """Return how much of a data set has arrived on disk while scikit-learn fetches it."""
    return sum(path.stat().st_size for path in scikit_learn_home().glob(_CACHED[name]) if path.is_file()) / 1e6


def mnist() -> tuple[np.ndarray, np.ndarray]:
    """Return the images (70000, 28, 28) or (70000, 784) from 0 to 255 and the digits (70000,), the test set last."""
    path = path_of("mnist")
    if path:
        arrays = _read(path, _LAYOUT["mnist"])
        return tuple(np.concatenate([arrays[f"{x}_train"], arrays[f"{x}_test"]]) for x in "xy")  # type: ignore[return-value]
    try:
        from sklearn.datasets import fetch_openml

        bunch = fetch_openml("mnist_784", version=1, as_frame=False, n_retries=1)
    except Exception as error:
        raise _not_at_hand("mnist", error) from error
    return bunch.data, bunch.target


def california() -> tuple[np.ndarray, np.ndarray, list[str]]:
    """Return the inputs (20640, 8), the house values in 100 000 $ (20640,), and the inputs' names."""
    path = path_of("california")
    if path:
        arrays = _read(path, _LAYOUT["california"])
        return arrays["X"], arrays["y"], [str(name) for name in arrays["feature_names"]]
    try:
        from sklearn.datasets import fetch_california_housing

        bunch = fetch_california_housing()
    except Exception as error:
        raise _not_at_hand("california", error) from error
    return bunch.data, bunch.target, list(bunch.feature_names)


def _not_at_hand(name: str, error: Exception) -> NotAtHand:
    return NotAtHand(
        f"{name}.npz must be in the folder that {DIRECTORY_VARIABLE} names, or {HOSTS[name]} must be within reach; "
        f"fetching it failed with {type(error).__name__}."
    )


def _read(path: Path, layout: dict[str, tuple[str, tuple[int, ...]]]) -> dict[str, Any]:
    """Return the arrays of an .npz file, after a look at what each says of itself: a header may ask for any memory."""
    try:
        with zipfile.ZipFile(path) as archive:
            found = {name: _header(archive, name) for name in layout}
    except (KeyError, ValueError, OSError, zipfile.BadZipFile, EOFError) as error:
        raise Refusal(
            str(path), f"must be an .npz file with {', '.join(layout)}", f"{type(error).__name__} from reading it"
        ) from error
    for name, (kind, shape) in layout.items():
        if (found[name][0], found[name][1].kind) != (shape, kind) or found[name][1].itemsize > _MAX_ITEM_BYTES:
            raise Refusal(
                f"{name} in {path}",
                f"must hold {_KINDS[kind]} of shape {shape}",
                f"{found[name][1]} of shape {found[name][0]}",
            )
    with np.load(path, allow_pickle=False) as stored:
        return {name: stored[name] for name in layout}


def _header(archive: zipfile.ZipFile, name: str) -> tuple[tuple[int, ...], np.dtype]:
    """Return the shape and the kind of number that an array of the file claims to have."""
    with archive.open(f"{name}.npy") as member:
        version = np.lib.format.read_magic(member)
        read = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
        shape, _, dtype = read(member)
    return shape, dtype


def keep(name: str) -> None:
    """Fetch "mnist" or "california", and keep it as a file that is read at once."""
    arrays: dict[str, Any]
    if choice("name", name, _LAYOUT) == "mnist":
        images, digits = mnist()
        x, y = np.asarray(images).reshape(-1, 28, 28).astype(np.uint8), np.asarray(digits).astype(np.uint8)
        n = _LAYOUT["mnist"]["x_train"][1][0]
        arrays = {"x_train": x[:n], "y_train": y[:n], "x_test": x[n:], "y_test": y[n:]}
    else:
        X, y, names = california()
        arrays = {"X": X, "y": y, "feature_names": np.array(names)}
    path = _kept_path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    with part.open("wb") as file:
        np.savez(file, **arrays)
    part.replace(path)  # nobody reads a file that is half written


if __name__ == "__main__":
    import sys

    try:
        keep(sys.argv[1])
    except NotAtHand as error:
        sys.exit(f"{HOSTS[sys.argv[1]]} is not within reach ({type(error.__cause__).__name__}).")
    except (ValueError, OSError, MemoryError) as error:
        sys.exit(one_line(str(error)))

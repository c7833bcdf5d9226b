"""Fixed data sets: scikit-learn's small ones, MNIST, California housing, and weather made by a rule.

>>> from nnplay.datasets import stored
>>> stored.load("digits")
<Dataset 'Digits, 8×8': 1797 samples, 64 features, classification (10 classes)>

:data:`STORED` says what there is without loading anything. MNIST and California housing come from the folder that the
environment variable ``NNPLAY_DATA_DIR`` names, else through scikit-learn from the net, once; see
:mod:`nnplay.datasets.stored.files`. What was loaded is kept for the whole process.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from nnplay.datasets.dataset import Dataset
from nnplay.datasets.stored import files
from nnplay.datasets.stored.weather import FEATURES as WEATHER_FEATURES
from nnplay.datasets.stored.weather import RULE as WEATHER_RULE
from nnplay.datasets.stored.weather import make_weather
from nnplay.refusal import Refusal
from nnplay.registry import Registry

DIGITS = tuple("0123456789")


@dataclass(frozen=True)
class StoredSet:
    """Describe a data set, for menus and for what must be known before it is loaded.

    Attributes
    ----------
    name, label : str
        What :func:`load` calls it; what a menu calls it.
    task : {"classification", "regression"}
    description : str
        One sentence: what it is.
    target : str
        What is predicted, with its unit.
    n_samples, n_features : int
    n_test : int
        How many of the samples, the last ones, are its official test set; 0 where there is none.
    class_names : tuple of str
        Empty for regression.
    image_shape : tuple of int, optional
        Rows and columns, where a sample is an image.
    source : str
    read : callable
        Loads it.
    fetched_megabytes : float
        What is downloaded if neither a folder nor a cache has it; 0 where nothing ever is.
    """

    name: str
    label: str
    task: str
    description: str
    target: str
    n_samples: int
    n_features: int
    source: str
    read: Callable[[], Dataset]
    n_test: int = 0
    class_names: tuple[str, ...] = ()
    image_shape: tuple[int, int] | None = None
    fetched_megabytes: float = 0.0

    @property
    def is_at_hand(self) -> bool:
        """Whether it is available without the net."""
        return not self.fetched_megabytes or self.name in _LOADED or files.is_at_hand(self.name)

    @property
    def is_readable(self) -> bool:
        """Whether :func:`load` has it without asking anybody but the disk."""
        return not self.fetched_megabytes or self.name in _LOADED or files.path_of(self.name) is not None

    @property
    def waiting_words(self) -> str:
        """What to say while it is loaded."""
        if self.is_at_hand:
            return f"Reading {self.label}."
        host, folder = files.HOSTS[self.name], files.scikit_learn_home()
        return f"Downloading {self.label} ({self.fetched_megabytes:g} MB) from {host} to {folder}."


STORED: Registry[StoredSet] = Registry("stored data set")
_LOADED: dict[str, Dataset] = {}
#: One for each: who waits for a large one holds up nobody who wants another.
_LOCKS: defaultdict[str, threading.RLock] = defaultdict(threading.RLock)


def load(name: str) -> Dataset:
    """Return a data set of :data:`STORED`: its training samples first, then its official test samples, if it has them.

    The first call may take a while; later ones return the same object.

    Raises
    ------
    ValueError
        If there is none of this name, or a file is not as it must be.
    files.NotAtHand
        If the data are neither here nor to be fetched; the message says what to do.
    """
    entry = STORED[name]
    if name in _LOADED:
        return _LOADED[name]
    with _LOCKS[name]:
        if name not in _LOADED:
            _LOADED[name] = entry.read()
        return _LOADED[name]


def is_loaded(name: str) -> bool:
    """Return whether :func:`load` has a data set at once."""
    return name in _LOADED


def split(name: str) -> tuple[Dataset, Dataset]:
    """Return the official training and test set, which share the memory of :func:`load`'s.

    Raises
    ------
    ValueError
        If it has no official test set, and as :func:`load` does.
    """
    entry = STORED[name]
    if not entry.n_test:
        valid = ", ".join(repr(other) for other in STORED if STORED[other].n_test)
        raise Refusal("name", f"must be that of a data set with an official test set, {valid}", f"{name!r}")
    data = load(name)
    n_train = data.n_samples - entry.n_test
    return data.take(slice(0, n_train)), data.take(slice(n_train, None))


def _stored(name: str, **described: Any) -> Callable[[Callable[[], Dataset]], Callable[[], Dataset]]:
    """Return a decorator that enters what reads a data set in :data:`STORED`; it takes the fields of a `StoredSet`."""

    def enter(read: Callable[[], Dataset]) -> Callable[[], Dataset]:
        STORED.register(name)(StoredSet(name=name, read=read, **described))
        return read

    return enter


_DIABETES_NAMES = {
    "bmi": "body mass index",
    "bp": "blood pressure",
    "s1": "total cholesterol",
    "s2": "LDL",
    "s3": "HDL",
    "s4": "cholesterol / HDL",
    "s5": "log triglycerides",
    "s6": "blood sugar",
}


@_stored(
    "digits",
    label="Digits, 8×8",
    task="classification",
    description="Digits written by 13 people, scaled down to 8 by 8 pixels. Comes with scikit-learn.",
    target="digit",
    n_samples=1797,
    n_features=64,
    class_names=DIGITS,
    image_shape=(8, 8),
    source="Alpaydin and Kaynak (1998), https://archive.ics.uci.edu/dataset/80",
)
def _read_digits() -> Dataset:
    from sklearn.datasets import load_digits

    bunch = load_digits()
    return Dataset(bunch.data / 16, bunch.target, class_names=DIGITS, name="Digits, 8×8", dtype="float32")


@_stored(
    "mnist",
    label="MNIST",
    task="classification",
    description="Digits written by 500 people, 28 by 28 pixels: 60 000 for training, 10 000 for testing.",
    target="digit",
    n_samples=70_000,
    n_features=784,
    n_test=10_000,
    class_names=DIGITS,
    image_shape=(28, 28),
    source="LeCun, Cortes and Burges (1998), http://yann.lecun.com/exdb/mnist/",
    fetched_megabytes=15,
)
def _read_mnist() -> Dataset:
    images, labels = files.mnist()
    pixels = images.reshape(len(images), -1).astype(np.float32)
    pixels /= 255
    return Dataset(pixels, labels.astype(np.int64), class_names=DIGITS, name="MNIST", dtype="float32")


@_stored(
    "diabetes",
    label="Diabetes",
    task="regression",
    description="442 patients: ten measurements each, and how far the disease progressed in a year. Comes with "
    "scikit-learn.",
    target="progression after a year",
    n_samples=442,
    n_features=10,
    source="Efron, Hastie, Johnstone and Tibshirani (2004), Least Angle Regression",
)
def _read_diabetes() -> Dataset:
    from sklearn.datasets import load_diabetes

    bunch = load_diabetes(scaled=False)
    names = [_DIABETES_NAMES.get(name, name) for name in bunch.feature_names]
    return Dataset(bunch.data, bunch.target, "regression", feature_names=names, name="Diabetes")


@_stored(
    "california",
    label="California housing",
    task="regression",
    description="20 640 neighbourhoods from the 1990 census: eight figures each, and the median house value.",
    target="median house value in 100 000 $",
    n_samples=20_640,
    n_features=8,
    source="Pace and Barry (1997), Sparse Spatial Autoregressions",
    fetched_megabytes=0.4,
)
def _read_california() -> Dataset:
    X, y, names = files.california()
    return Dataset(X, y, "regression", feature_names=names, name="California housing")


@_stored(
    "weather",
    label="Weather (generated)",
    task="classification",
    description=f"2 000 days generated by a rule, not observed. {WEATHER_RULE}",
    target="rain",
    n_samples=2000,
    n_features=len(WEATHER_FEATURES),
    class_names=("dry", "rain"),
    source="generated by nnplay",
)
def _read_weather() -> Dataset:
    return make_weather(2000)

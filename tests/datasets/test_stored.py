"""Data that aren't drawn for the plane: what is stored, where it comes from, and the generated weather."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nnplay.datasets import Dataset
from nnplay.datasets.stored import STORED, sets
from nnplay.datasets.stored import files as stored_files
from nnplay.datasets.stored.weather import above_dew_point, make_weather
from tests import ROOT

BUNDLED = [name for name, entry in STORED.items() if not entry.fetched_megabytes]
IN_FILES = [name for name in STORED if name not in BUNDLED]


@pytest.mark.parametrize("name", STORED)
def test_what_the_registry_says_of_a_data_set_is_so(name: str) -> None:
    if name in IN_FILES and not stored_files.path_of(name):
        pytest.skip(f"{name}.npz is not in NNPLAY_DATA_DIR")
    entry, data = STORED[name], sets.load(name)
    assert (data.n_samples, data.n_features, data.task) == (entry.n_samples, entry.n_features, entry.task)
    assert data.class_names == entry.class_names
    assert entry.description.endswith(".")
    assert sets.load(name) is data
    if entry.image_shape:
        assert np.prod(entry.image_shape) == data.n_features
        assert (data.X.dtype, data.X.min(), data.X.max()) == (np.float32, 0, 1)
    if entry.n_test:
        train, test = sets.split(name)
        assert (train.n_samples, test.n_samples) == (entry.n_samples - entry.n_test, entry.n_test)
        assert np.shares_memory(test.X, data.X)


def test_only_a_data_set_with_an_official_split_is_split_by_it() -> None:
    with pytest.raises(ValueError, match=r"^name must be that of a data set with an official test set, 'mnist'; got"):
        sets.split("digits")


def test_scikit_learn_is_not_imported_until_data_are_wanted() -> None:
    code = "import sys; from nnplay.datasets import stored; print('sklearn' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert done.stdout.strip() == "False"


def npz(folder: Path, **changed: Any) -> None:
    """Write a california.npz that is right but for `changed`."""
    arrays = {"X": np.ones((20_640, 8)), "y": np.ones(20_640), "feature_names": np.array([f"f{i}" for i in range(8)])}
    np.savez(folder / "california.npz", **{k: v for k, v in {**arrays, **changed}.items() if v is not None})


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({}, None),
        ({"X": np.ones((20_640, 9))}, r"X in .* must hold floats of shape \(20640, 8\); got float64 of shape .*9\)"),
        ({"y": np.array([{}] * 20_640)}, "y in .* must hold floats .*; got object"),
        ({"y": None}, "must be an .npz file with X, y, feature_names; got KeyError"),
    ],
)
def test_a_file_is_read_only_if_it_holds_what_it_must(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, changed: dict[str, Any], message: str | None
) -> None:
    npz(tmp_path, **changed)
    monkeypatch.setenv("NNPLAY_DATA_DIR", str(tmp_path))
    if message is None:
        assert stored_files.california()[2][7] == "f7"
        return
    with pytest.raises(ValueError, match=message):
        stored_files.california()


def test_a_header_that_asks_for_any_memory_is_refused_before_anything_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    npz(tmp_path)
    with zipfile.ZipFile(tmp_path / "huge.npz", "w") as bad, zipfile.ZipFile(tmp_path / "california.npz") as good:
        for name in good.namelist():
            data = good.read(name)
            bad.writestr(name, data.replace(b"(20640, 8)", b"(10**12,8)") if name == "X.npy" else data)
    os.replace(tmp_path / "huge.npz", tmp_path / "california.npz")
    monkeypatch.setenv("NNPLAY_DATA_DIR", str(tmp_path))
    with pytest.raises(ValueError, match=r"must be an \.npz file"):
        stored_files.california()


@pytest.mark.parametrize(("name", "fetcher"), [("mnist", "fetch_openml"), ("california", "fetch_california_housing")])
def test_without_file_and_net_one_sentence_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, fetcher: str
) -> None:
    def no_net(*args: Any, **kwargs: Any) -> None:
        raise OSError("no route to host")

    monkeypatch.setenv("NNPLAY_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("SCIKIT_LEARN_DATA", str(tmp_path / "cache"))
    monkeypatch.setattr(f"sklearn.datasets.{fetcher}", no_net)
    monkeypatch.setattr(sets, "_LOADED", {})
    assert not STORED[name].is_at_hand
    assert STORED[name].waiting_words.startswith("Downloading")
    assert not (tmp_path / "cache").exists()
    with pytest.raises(stored_files.NotAtHand, match=rf"^{name}\.npz must be in the folder that NNPLAY_DATA_DIR names"):
        sets.load(name)


def test_what_is_fetched_has_the_form_of_what_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Bunch:
        data = np.arange(20 * 784, dtype=float).reshape(20, 784) % 256
        target = np.array([str(i % 10) for i in range(20)], dtype=object)

    monkeypatch.setenv("NNPLAY_DATA_DIR", str(tmp_path))
    monkeypatch.setattr(sets, "_LOADED", {})
    monkeypatch.setattr("sklearn.datasets.fetch_openml", lambda *args, **kwargs: Bunch)
    data = sets.load("mnist")
    assert (data.X.dtype, data.y.dtype, data.X.max()) == (np.float32, np.int64, 1)
    assert data.y.tolist() == [*range(10)] * 2


# --- single precision, and rows ---------------------------------------------------------------------------------


def test_single_precision_is_kept() -> None:
    data = Dataset([[1.0, 2.0], [3.0, 4.0]], [0, 1], dtype="float32")
    assert data.X.dtype == np.float32
    assert data.with_features(data.X[:, :1], ["x1"]).X.dtype == np.float32
    with pytest.raises(ValueError, match="X must hold finite numbers only; got inf"):
        Dataset([[1e300], [1.0]], [0, 1], dtype="float32")
    with pytest.raises(ValueError, match="dtype must be one of 'float64', 'float32'; got 'float16'"):
        Dataset([[1.0], [1.0]], [0, 1], dtype="float16")


def test_rows_keep_all_classes() -> None:
    data = Dataset([[1.0], [2.0], [3.0]], ["a", "b", "c"])
    part = data.take(np.array([2, 0]))
    assert (part.X.ravel().tolist(), part.y.tolist(), part.n_classes) == ([3, 1], [2, 0], 3)
    with pytest.raises(ValueError, match="rows must hold at least 1 of the 3 samples; got none"):
        data.take(slice(3, None))


# --- weather ----------------------------------------------------------------------------------------------------


def test_dew_point_depression_is_that_of_the_tables() -> None:
    # 20 °C at 50 % has its dew point at 9.3 °C, saturated air at its own temperature.
    assert above_dew_point(np.array(20.0), np.array(50.0)) == pytest.approx(10.7, abs=0.05)
    assert above_dew_point(np.array(-3.0), np.array(100.0)) == pytest.approx(0, abs=1e-12)


def test_rain_follows_the_stated_rule() -> None:
    data = make_weather(500, noise=0, seed=3)
    temperature, humidity, pressure = data.X.T
    score = (7 - above_dew_point(temperature, humidity)) / 3 + (1013 - pressure) / 8
    assert np.array_equal(data.y, score > 0)
    assert "generated" in data.name
    assert 0.3 < data.y.mean() < 0.7
    assert make_weather(500, seed=3).X.tobytes() == data.X.tobytes() != make_weather(500, seed=4).X.tobytes()
    assert 0 < (make_weather(500, seed=3).y != data.y).mean() < 0.15

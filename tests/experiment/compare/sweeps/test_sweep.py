"""Sweeps: the same table wherever they are trained, stopped and resumed; what comes of them; their files."""

from __future__ import annotations

import csv
import io
import json
import math
import os
import signal
import subprocess
import sys
import threading
import time
import warnings
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

import nnplay as nn
from nnplay import ExperimentConfig, Sweep
from nnplay.experiment.compare.sweeps import workers
from nnplay.experiment.compare.sweeps.result import SweepResult
from nnplay.experiment.compare.sweeps.task import Outcome
from tests import ROOT

CONFIG = ExperimentConfig(dataset="moons", n_samples=60, noise=0.1, batch_size=10)
GRID: dict[str, Any] = {"learning_rate": [0.01, 0.3], "hidden_sizes": [(2,), (4, 3), (8,)]}
SEEDS, EPOCHS = 3, 15


@pytest.fixture(scope="module")
def table() -> str:
    """The sweep's table, trained in this process in one go."""
    return nn.sweep(CONFIG, GRID, SEEDS, EPOCHS).to_csv()


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    distributed = pytest.importorskip("distributed")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        running = distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, silence_logs=50
        )
        yield running
        running.close()


def sweep() -> Sweep:
    return Sweep(CONFIG, GRID, SEEDS, EPOCHS)


# --- the same numbers -------------------------------------------------------------------------------------------------


def test_every_training_is_a_single_run(table: str) -> None:
    result = nn.sweep(CONFIG, GRID, SEEDS, EPOCHS)
    assert len(result.rows) == 18
    for row in result.rows:
        config = ExperimentConfig.from_dict(
            CONFIG.to_dict()
            | {"learning_rate": row["learning_rate"], "hidden_sizes": row["hidden_sizes"]}
            | {"seed": row["seed"], "data_seed": 0}
        )
        session = config.build(evaluate_every=0).run(EPOCHS)
        expected = dict(zip(("train_loss", "test_loss", "train_score", "test_score"), session.measure(), strict=True))
        assert {name: row[name] for name in expected} == pytest.approx(expected, rel=1e-9)
        assert (row["epochs"], row["diverged"]) == (EPOCHS, False)
    assert result.to_csv() == table


def test_in_slices_of_any_length_it_is_the_same(table: str) -> None:
    running = sweep()
    n_slices = 0
    while not running.finished:
        running.advance(0.002)
        n_slices += 1
    assert n_slices > 5
    assert running.result.to_csv() == table


def test_stopped_and_resumed_from_its_file_it_is_the_same(table: str, tmp_path: Path) -> None:
    path = tmp_path / "sweep.json"
    running = sweep()
    while not running.result.outcomes:
        running.advance(0.001)
    assert not running.finished
    running.save(path)
    again = Sweep.load(path)
    assert 0 < again.progress.done < again.progress.total
    assert again.result.to_csv() == running.result.to_csv() != table
    assert again.run().to_csv() == table
    result = nn.sweep(CONFIG, GRID, SEEDS, EPOCHS, file=path)  # which goes on from the half that the file has
    assert result.to_csv() == table
    assert Sweep.load(path).finished
    assert not path.with_name("sweep.json.part").exists()


def test_a_file_of_another_sweep_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "sweep.json"
    sweep().save(path)
    before = path.read_bytes()
    with pytest.raises(ValueError, match="file must be of the same sweep; got another one in"):
        nn.sweep(CONFIG, GRID, SEEDS, EPOCHS + 1, file=path)
    assert path.read_bytes() == before


def test_loky_gives_the_same_also_where_a_process_is_killed(table: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from joblib.externals import loky

    pools: list[Any] = []
    make = loky.ProcessPoolExecutor

    def made(**options: Any) -> Any:
        pools.append(make(**options))
        return pools[-1]

    monkeypatch.setattr(loky, "ProcessPoolExecutor", made)
    killed: list[int] = []

    def kill_one(running: Sweep) -> None:
        if not killed:
            killed.append(next(iter(pools[0]._processes)))
            os.kill(killed[0], signal.SIGKILL)

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        result = nn.sweep(CONFIG, GRID, SEEDS, EPOCHS, backend="loky", n_jobs=2, callback=kill_one)
        assert killed
        assert len(pools) == 2
        assert result.to_csv() == table
        stopped = nn.sweep(CONFIG, GRID, SEEDS, 10**6, backend="loky", n_jobs=1, callback=lambda running: True)
        assert stopped.rows == []
    for _ in range(600):
        if not any(pool._processes for pool in pools):
            break
        time.sleep(0.05)
    assert not any(pool._processes for pool in pools)  # none is left behind


@pytest.mark.parametrize("by", ["cluster", "address", "variable"])
def test_dask_gives_the_same(table: str, cluster: Any, by: str, monkeypatch: pytest.MonkeyPatch) -> None:
    scheduler = {"cluster": cluster, "address": cluster.scheduler_address, "variable": None}[by]
    if by == "variable":
        monkeypatch.setenv("NNPLAY_DASK", cluster.scheduler_address)
    assert nn.sweep(CONFIG, GRID, SEEDS, EPOCHS, backend="dask", scheduler=scheduler).to_csv() == table


def test_dask_gives_the_same_where_a_worker_is_killed_and_from_half_way(table: str, cluster: Any) -> None:
    from distributed import Client

    running = sweep()
    while not running.result.outcomes:
        running.advance(0.001)
    killed: list[int] = []
    with Client(cluster, set_as_default=False) as client:

        def kill_one(running: Sweep) -> None:
            if not killed:
                killed.append(next(iter(client.run(os.getpid).values())))
                os.kill(killed[0], signal.SIGKILL)

        longer = Sweep(CONFIG, GRID, SEEDS, 800).run("dask", scheduler=client, callback=kill_one)
        assert killed
        assert longer.to_csv() == nn.sweep(CONFIG, GRID, SEEDS, 800).to_csv()
        assert running.run("dask", scheduler=client).to_csv() == table
        assert client.status == "running"  # it was lent, and is not ours to close


def test_on_dask_a_sweep_stops_when_it_is_told_and_leaves_the_workers_free(table: str, cluster: Any) -> None:
    stopped = nn.sweep(CONFIG, GRID, SEEDS, 10**6, backend="dask", scheduler=cluster, callback=lambda running: True)
    assert stopped.rows == []
    assert nn.sweep(CONFIG, GRID, SEEDS, EPOCHS, backend="dask", scheduler=cluster).to_csv() == table


# --- stopping, progress -----------------------------------------------------------------------------------------------


def test_a_callback_sees_how_far_it_is_and_can_stop_it(monkeypatch: pytest.MonkeyPatch, table: str) -> None:
    monkeypatch.setattr("nnplay.experiment.compare.sweeps.sweep._CALLBACK_SECONDS", 0.0)
    monkeypatch.setattr("nnplay.experiment.compare.sweeps.sweep._SLICE_SECONDS", 0.002)
    seen = []

    def look(running: Sweep) -> bool:
        seen.append(running.progress)
        return running.progress.done >= 6

    running = sweep()
    partial = running.run(callback=look)
    assert 6 <= len(partial.rows) < 18
    shares = [progress.share for progress in seen]
    assert shares == sorted(shares)
    assert 0 < shares[-1] < 1
    assert seen[-1].seconds_left > 0
    result = running.run(callback=lambda running: seen.append(running.progress))
    assert result.to_csv() == table
    assert (seen[-1].finished, seen[-1].share, seen[-1].seconds_left) == (True, pytest.approx(1.0), pytest.approx(0.0))


def test_stop_ends_it_and_what_is_done_is_kept(tmp_path: Path) -> None:
    running = Sweep(CONFIG, GRID, SEEDS, 10**6)
    path = tmp_path / "sweep.json"
    result = running.run(callback=lambda running: running.stop(), file=path)
    assert len(result.rows) < 18
    assert Sweep.load(path).progress.done == len(result.rows)


# --- results ----------------------------------------------------------------------------------------------------------


def outcome(score: float, diverged: bool = False) -> Outcome:
    loss, score = (math.nan, math.nan) if diverged else (1 - score, score)
    return Outcome(loss, loss, score, score, 5, diverged, ([0, 5], [1.0, loss], [1.0, loss]))


def made_up() -> SweepResult:
    """Three seeds a cell: all reach 0.9, one does, two diverged, and one cell isn't done."""
    grid = Sweep(CONFIG, {"momentum": [0.0, 0.5], "noise": [0.1, 0.2]}, 3, 5).grid
    scores = [outcome(0.9), outcome(0.95), outcome(1.0), outcome(0.95), outcome(0.5), outcome(0.4)]
    scores += [outcome(1.0), outcome(0, True), outcome(0, True)]
    return SweepResult(grid, dict(enumerate(scores)))


def test_cells_are_counts_and_medians() -> None:
    result = made_up()
    axes, successes, medians = result.cells("test_score", 0.9)
    assert axes == {"momentum": (0.0, 0.5), "noise": (0.1, 0.2)}
    assert successes.tolist() == [[3, 1], [1, 0]]
    np.testing.assert_array_equal(medians, [[0.95, 0.5], [np.nan, np.nan]])
    losses = result.cells("train_loss", 0.1 + 1e-12)
    assert losses.successes.tolist() == [[3, 1], [1, 0]]
    assert losses.medians[0].tolist() == pytest.approx([0.05, 0.5])
    assert result.n_done.tolist() == [[3, 3], [3, 0]]
    assert result.n_diverged.tolist() == [[0, 0], [2, 0]]
    one = nn.sweep(CONFIG, {"noise": [0.0, 0.1, 0.2]}, 1, 1).cells("test_loss", 10)
    assert (one.successes.shape, one.medians.shape) == ((3,), (3,))


def test_rows_curves_and_configurations_of_a_cell() -> None:
    result = made_up()
    assert result.rows[7] | {"diverged": True} == result.rows[7]
    assert [row["noise"] for row in result.rows] == [0.1] * 3 + [0.2] * 3 + [0.1] * 3
    assert [curve["seed"] for curve in result.curves(1)] == [0, 1, 2]
    assert result.curves(1)[0]["epoch"] == [0, 5]
    assert result.curves(3) == []
    config = result.config(2, seed=1)
    assert (config.momentum, config.noise, config.seed, config.data_seed) == (0.5, 0.1, 1, 0)
    trained = nn.sweep(CONFIG, {"noise": [0.0]}, 1, 100).curves(0)[0]
    assert trained["epoch"][0] == 0
    assert trained["epoch"][-1] == 100
    assert 10 < len(trained["epoch"]) == len(trained["test_loss"]) < 40


def test_tables_as_csv_and_json(tmp_path: Path) -> None:
    result = nn.sweep(CONFIG, {"hidden_sizes": [(2,), ()], "batch_size": [None, 5]}, 1, 1)
    read = list(csv.DictReader(io.StringIO(result.to_csv(tmp_path / "table.csv"))))
    assert [(row["hidden_sizes"], row["batch_size"]) for row in read] == [
        ("2", "full"), ("2", "5"), ("none", "full"), ("none", "5"),
    ]  # fmt: skip
    assert [float(row["test_loss"]) for row in read] == [row["test_loss"] for row in result.rows]
    assert (tmp_path / "table.csv").read_text() == result.to_csv()
    rows = json.loads(result.to_json(tmp_path / "table.json"))
    assert rows[1]["hidden_sizes"] == [2]
    assert rows == json.loads((tmp_path / "table.json").read_text())
    diverged = made_up()
    assert json.loads(diverged.to_json())[7]["test_loss"] is None
    assert list(csv.DictReader(io.StringIO(diverged.to_csv())))[7]["test_loss"] == ""


def test_a_training_that_diverges_or_stops_says_so() -> None:
    config = ExperimentConfig(dataset="plane", n_samples=40, activation="elu", momentum=0.0, max_epochs=6)
    rows = nn.sweep(config, {"learning_rate": [0.01, 1e4]}, 2, 20).rows
    assert [row["diverged"] for row in rows] == [False, False, True, True]
    assert [row["epochs"] for row in rows[:2]] == [6, 6]
    assert math.isnan(rows[2]["test_loss"])


def test_what_is_no_map_is_refused() -> None:
    result = nn.sweep(CONFIG, {"noise": [0.1], "momentum": [0.1], "learning_rate": [0.1]}, 1, 1)
    with pytest.raises(ValueError, match="cells are a map of one or two settings; got 3 that vary"):
        result.cells("test_score", 0.9)
    with pytest.raises(ValueError, match="Did you mean 'test_score'"):
        made_up().cells("test_scor", 0.9)
    with pytest.raises(ValueError, match="cell must be an integer from 0 to 3; got 4"):
        made_up().curves(4)
    with pytest.raises(ValueError, match="seed must be one of the sweep's; got 9"):
        made_up().config(0, 9)


# --- refusals ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"backend": "lokey"}, "backend must be one of 'threads', 'loky', 'dask'; got 'lokey'. Did you mean 'loky'?"),
        ({"backend": "loky", "scheduler": "tcp://a:1"}, "scheduler goes with backend 'dask' only; got backend 'loky'."),
        ({"n_jobs": 2}, "n_jobs goes with backend 'loky' only; got backend 'threads'."),
        ({"backend": "loky", "n_jobs": 0}, "n_jobs must be an integer from 1 to"),
        ({"callback": 3}, "callback must be a function of the sweep; got 3."),
        ({"fresh_data": 1}, "fresh_data must be True or False; got 1."),
    ],
)
def test_arguments_that_make_no_sense_are_refused(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(nn.Refusal) as refused:
        nn.sweep(CONFIG, GRID, SEEDS, EPOCHS, **arguments)
    assert message in str(refused.value)


def test_a_cluster_that_does_not_answer_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("distributed")
    monkeypatch.setattr(workers, "PATIENCE_SECONDS", 0.2)
    monkeypatch.delenv("NNPLAY_DASK", raising=False)
    for scheduler, message in (
        (None, "scheduler must be the address of a Dask scheduler, here or in NNPLAY_DASK; got None."),
        (
            "tcp://127.0.0.1:9",
            "scheduler must be the address of a Dask scheduler that answers; got 'tcp://127.0.0.1:9'",
        ),
        ("nonsense://x", "scheduler must be the address of a Dask scheduler that answers; got 'nonsense://x'."),
        (3, "scheduler must be the address of a Dask scheduler that answers; got 3."),
    ):
        with pytest.raises(nn.Refusal) as refused:
            nn.sweep(CONFIG, GRID, SEEDS, EPOCHS, backend="dask", scheduler=scheduler)
        assert message in str(refused.value)


def test_a_cluster_that_can_not_import_nnplay_is_told(cluster: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from distributed import Client

    with Client(cluster, set_as_default=False) as client:
        monkeypatch.setattr(client, "run", lambda has: {"tcp://a:1": True, "tcp://a:2": False})
        with pytest.raises(nn.Refusal) as refused:
            nn.sweep(CONFIG, GRID, SEEDS, EPOCHS, backend="dask", scheduler=client)
    assert str(refused.value) == (
        "scheduler must be of a cluster whose scheduler and workers can import nnplay; got 'tcp://a:2', which can't. "
        "Put its folder on their PYTHONPATH."
    )


def test_whoever_stops_does_not_wait_for_a_cluster_that_does_not_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    answers, closed = threading.Event(), threading.Event()

    def connect(scheduler: str) -> tuple[Any, bool]:
        answers.wait(20)
        return SimpleNamespace(close=closed.set), True

    monkeypatch.setattr(workers, "_client_of", connect)
    scheduler = "tcp://far.away:8786"
    stopped = nn.sweep(CONFIG, GRID, SEEDS, EPOCHS, backend="dask", scheduler=scheduler, callback=lambda sweep: True)
    assert stopped.rows == []
    assert not closed.is_set()
    answers.set()  # too late
    assert closed.wait(20)


def test_without_dask_it_is_said_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(nn.Refusal, match="backend must be one that is installed; got 'dask'"):
        nn.sweep(CONFIG, GRID, SEEDS, EPOCHS, backend="dask", scheduler="tcp://127.0.0.1:9")


DONE = [0, 0.1, 0.2, 0.9, 0.8, 15, False, [[0, 15], [1.0, 0.1], [1.0, None]]]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ([], "file must be an object; got []."),
        ({"grids": {}}, "Did you mean 'grid'?"),
        ({"format": "nnplay run"}, "file must be a sweep; got 'nnplay run'."),
        ({"version": 2}, "version must be an integer from 1 to 1; got 2."),
        ({"config": 3}, "saved must be a dict of fields; got 3."),
        ({"grid": {"seed": [1]}}, "grid must not vary 'seed'."),
        ({"done": {}}, "done must be a list; got {}."),
        ({"done": [3]}, "done[0] must be a list of 8 values; got 3."),
        ({"done": [DONE, [99, *DONE[1:]]]}, "done[1] must be an integer from 0 to 17; got 99."),
        ({"done": [[0, "x", *DONE[2:]]]}, "done[0] must hold finite numbers, or null; got 'x'."),
        ({"done": [[0, 1e999, *DONE[2:]]]}, "done[0] must hold finite numbers, or null; got inf."),
        ({"done": [[*DONE[:5], 16, *DONE[6:]]]}, "done[0] must be an integer from 0 to 15; got 16."),
        ({"done": [[*DONE[:6], 1, DONE[7]]]}, "done must be True or False; got 1."),
        ({"done": [[*DONE[:7], [[0], [1]]]]}, "done[0] must end in a curve of three lists"),
        ({"done": [[*DONE[:7], [[0], [1], []]]]}, "done[0] must end in a curve of three lists of one length"),
        ({"done": [[*DONE[:7], [[0.5], [1], [2]]]]}, "done[0] must be an integer from 0 to 15; got 0.5."),
        ({"done": [[*DONE[:7], [[0] * 2000] * 3]]}, "done[0] must end in a curve of three lists of one length"),
    ],
)  # fmt: skip
def test_a_file_that_makes_no_sense_is_refused(change: Any, message: str) -> None:
    saved = sweep().to_dict() | {"done": [DONE]}
    assert Sweep.from_dict(saved).progress.done == 1
    with pytest.raises(nn.Refusal) as refused:
        Sweep.from_dict(saved | change if isinstance(change, dict) else change)
    assert message in str(refused.value)


@pytest.mark.parametrize("text", ["", "{", "[" * 100_000, "nan"])
def test_a_text_that_is_no_sweep_is_refused(text: str) -> None:
    with pytest.raises(nn.Refusal, match="file must "):
        Sweep.from_text(text)


# --- the command ------------------------------------------------------------------------------------------------------


def command(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "nnplay.sweep", *arguments], cwd=ROOT, capture_output=True, text=True, check=False
    )


def test_the_command_trains_what_a_file_says_and_keeps_it_there(tmp_path: Path) -> None:
    path, table = tmp_path / "sweep.json", tmp_path / "table.csv"
    grid = {"learning_rate": [0.01, 0.1], "hidden_sizes": [[2], [4]]}
    path.write_text(json.dumps({"config": {"n_samples": 50}, "grid": grid, "seeds": 2, "epochs": 3}))
    done = command(str(path), "--csv", str(table), "--measure", "test_loss")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[0] == "median test_loss over 2 seeds; learning_rate down, hidden_sizes across"
    expected = nn.sweep(ExperimentConfig(n_samples=50), grid, 2, 3)
    assert table.read_text() == expected.to_csv() == Sweep.load(path).result.to_csv()


def test_the_command_says_in_a_sentence_what_is_wrong(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from nnplay.sweep import main

    path, nowhere = tmp_path / "sweep.json", tmp_path / "no" / "table.csv"
    assert main([str(path)]) == 1
    assert capsys.readouterr().err == f"{path}: No such file or directory.\n"
    path.write_bytes(b"\xff\xfe{}")
    assert main([str(path)]) == 1
    assert capsys.readouterr().err == "file must hold JSON; got b'\\xff\\xfe{}'.\n"
    path.write_text('\ufeff{"config": {"n_samples": 20}, "grid": {"noise": [0.1]}, "seeds": 1, "epochs": 1}')
    assert main([str(path), "--csv", str(nowhere)]) == 1
    assert capsys.readouterr().err == f"{nowhere}: No such file or directory.\n"
    assert main([str(path), "--jobs", "2"]) == 1
    assert capsys.readouterr().err == "n_jobs goes with backend 'loky' only; got backend 'threads'.\n"
    path.write_text('{"grid": {"seed": [1]}}')
    done = command(str(path))
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.splitlines() == [
        "grid must not vary 'seed'. Every cell is trained from several seeds: set them with seeds."
    ]


def test_the_command_module_stands_in_for_the_function() -> None:
    code = (
        "import nnplay; f = nnplay.sweep; import nnplay.sweep; from nnplay.sweep import main; config = "
        "nnplay.ExperimentConfig(n_samples=50); a, b = (g(config, {'noise': [0.1]}, 1, 1) for g in (f, nnplay.sweep)); "
        "assert a.to_csv() == b.to_csv()"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr

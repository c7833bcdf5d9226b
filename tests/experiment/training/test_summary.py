"""What a notebook shows of a session."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any

import numpy as np
import pytest

import nnplay as nn

TRAIN, TEST = nn.datasets.make("moons", n_samples=60, noise=0.1, seed=0).split(0.25, seed=0)


class Cells(HTMLParser):
    """Reads the table, and the points of the curves."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.cells: list[str] = []
        self.lines: list[np.ndarray] = []
        self.open: list[str] = []
        self.feed(html)
        assert self.open == []

    def handle_starttag(self, tag: str, attributes: Any) -> None:
        self.open.append(tag)
        if tag == "polyline":
            points = re.findall(r"[-\d.]+", dict(attributes)["points"])
            self.lines.append(np.array(points, float).reshape(-1, 2))
        if tag in ("th", "td"):
            self.cells.append("")

    def handle_startendtag(self, tag: str, attributes: Any) -> None:
        self.handle_starttag(tag, attributes)
        self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] in ("th", "td"):
            self.cells[-1] += data

    @property
    def rows(self) -> dict[str, str]:
        return dict(zip(self.cells[::2], self.cells[1::2], strict=True))


def shown(session: nn.TrainingSession) -> Cells:
    return Cells(session._repr_html_())


def test_the_table_says_what_it_is_and_where_it_stands() -> None:
    network = nn.Network([2, 4, 3, 1], ["relu", "tanh"])
    session = nn.TrainingSession(
        network, TRAIN, TEST, optimizer=nn.Adam(0.02), batch_size=10, regularizer=nn.L2(0.01), dropout=0.1
    ).run(12)
    session.step(2)
    rows = shown(session).rows
    assert rows["Network"] == "2–4–3–1, relu, tanh, sigmoid, 31 parameters"
    assert rows["Data"] == "moons, 45 training samples, 15 test samples"
    assert rows["Training"].startswith("Adam(learning_rate=0.02, ")
    assert rows["Training"].endswith("batches of 10, L2(rate=0.01), dropout 0.1")
    assert rows["Stands at"] == "12 epochs and 2 steps"
    train, test = (session.history[f"{part}_loss"][-1] for part in ("train", "test"))
    assert rows["Loss, binary cross entropy"] == f"{train:.4g} training, {test:.4g} test"
    assert re.fullmatch(r"\d\.\d{3} training, \d\.\d{3} test", rows["Accuracy"])


def test_the_curves_are_the_losses() -> None:
    session = nn.TrainingSession(nn.Network([2, 4, 1]), TRAIN, TEST, optimizer=nn.SGD(0.05)).run(20)
    train, test = shown(session).lines
    for line, name in ((train, "train_loss"), (test, "test_loss")):
        losses = session.history[name]
        assert len(line) == len(losses) == 21
        assert np.argsort(-line[:, 1], kind="stable")[[0, -1]].tolist() == [losses.argmin(), losses.argmax()]
    heights = np.concatenate([train, test])[:, 1]
    values = np.concatenate([session.history[name] for name in ("train_loss", "test_loss")])
    assert np.corrcoef(heights, values)[0, 1] == pytest.approx(-1, abs=1e-3)


def test_without_a_test_set_or_a_history_less_is_said() -> None:
    session = nn.TrainingSession(nn.Network([2, 1]), TRAIN)
    assert len(shown(session).lines) == 0
    assert "test" not in session._repr_html_()
    session = nn.TrainingSession(nn.Network([2, 1]), TRAIN, evaluate_every=0).run(3)
    assert list(shown(session).rows) == ["Network", "Data", "Training", "Stands at"]


def test_a_name_is_text_and_no_markup() -> None:
    data = nn.datasets.Dataset(TRAIN.X, TRAIN.y, name="<b>a & b</b><script>")
    session = nn.TrainingSession(nn.Network([2, 1]), data)
    assert "<script>" not in session._repr_html_()
    assert shown(session).rows["Data"].startswith("<b>a & b</b><script>, 45")


def test_a_run_that_diverged_says_so() -> None:
    X = np.random.default_rng(0).normal(size=(20, 2))
    data = nn.datasets.Dataset(X, 1e3 * X[:, 0])
    session = nn.TrainingSession(nn.Network([2, 4, 1], "relu", output="identity"), data, optimizer=nn.SGD(100.0))
    with pytest.warns(nn.DivergenceWarning):
        session.run(100)
    assert shown(session).rows["Stands at"].endswith(", diverged")
    assert "nan" not in session._repr_html_()

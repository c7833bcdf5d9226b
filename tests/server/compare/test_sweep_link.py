"""What a visitor asks of a sweep: values as written, ranges, limits, and links of it."""

from __future__ import annotations

import dataclasses

import pytest

from nnplay.experiment.config.config import ExperimentConfig
from nnplay.refusal import Refusal
from nnplay.server.compare import sweep_limits, sweep_link
from nnplay.server.compare.sweep_link import AXES, EPOCHS, SEEDS, VARIED, Axis, Plan, from_query, plan_of, to_query

CONFIG = ExperimentConfig(dataset="moons", n_samples=100)


def values(setting: str, *texts: str) -> list[object]:
    return Axis(setting, texts).values()


def test_values_are_read_as_they_are_written() -> None:
    assert values("hidden_sizes", "8-8", "none", "16", "2") == [(), (2,), (16,), (8, 8)]
    assert values("hidden_sizes", "8, 8", "4 × 4") == [(4, 4), (8, 8)]
    assert values("learning_rate", "0.1", "1e-3", "1", "0.10") == [0.001, 0.1, 1.0]
    assert values("batch_size", "full", "10") == [None, 10]
    assert values("activation", "tanh", "elu(alpha=2)") == ["tanh", "elu(alpha=2)"]
    assert values("shuffle", "true", "false") == [True, False]
    assert values("features", "x1;x2", "x1") == [("x1", "x2"), ("x1",)]


def test_a_range_is_logarithmic_for_rates_and_whole_for_widths() -> None:
    assert Axis("learning_rate", span=("0.01", "1", 3)).values() == [0.01, 0.1, 1.0]
    assert Axis("hidden_sizes", span=("1", "4", 4)).values() == [(1,), (2,), (3,), (4,)]
    assert Axis("momentum", span=("0", "0.8", 3)).values() == [0.0, 0.4, 0.8]


@pytest.mark.parametrize("setting", VARIED)
def test_what_is_offered_for_a_setting_can_be_trained(setting: str) -> None:
    texts = sweep_link.usual_texts(setting, CONFIG)
    assert texts
    assert set(texts) <= set(sweep_link.offered_texts(setting, CONFIG))
    plan = Plan((Axis(setting, texts),), n_seeds=1)
    if setting not in ("output", "loss", "dataset"):  # not all of these go with two classes
        assert len(plan.grid(CONFIG).cells) == len(texts)
    if sweep_link.can_be_range(setting):
        assert len(Axis(setting, span=sweep_link.usual_span(setting, CONFIG)).values()) > 1
    else:
        with pytest.raises(Refusal):
            Axis(setting, span=("0", "1", 3)).values()


@pytest.mark.parametrize("setting", VARIED)
def test_a_value_is_written_as_it_is_read(setting: str) -> None:
    for text in sweep_link.offered_texts(setting, CONFIG):
        assert sweep_link.text_of(setting, sweep_link.value_of(setting, text)) == text


def test_the_plan_to_begin_with_can_be_trained() -> None:
    grid = Plan().grid(ExperimentConfig())
    assert list(grid.axes) == ["learning_rate", "hidden_sizes"]
    assert grid.n_trainings == 192


BAD = [
    ({"n_seeds": 0}, "seeds"),
    ({"n_seeds": 65}, "seeds"),
    ({"epochs": 0}, "epochs"),
    ({"epochs": 10**9}, "epochs"),
    ({"place": "dask"}, "place"),
    ({"axes": (Axis("learning_rate"),)}, AXES[0]),
    ({"axes": (Axis("learning_rate", ("fast",)),)}, AXES[0]),
    ({"axes": (Axis("activation", ("tanh",)), Axis("hidden_sizes", ("8-x",)))}, AXES[1]),
    ({"axes": (Axis("activation", ("tanh",)), Axis("learning_rate", span=("1", "0.1", 3)))}, AXES[1]),
    ({"axes": (Axis("activation", ("tanh",)), Axis("learning_rate", span=("a", "0.1", 3)))}, AXES[1]),
    ({"axes": (Axis("activation", ("tanh",)), Axis("learning_rate", span=("0", "0.1", 3)))}, AXES[1]),
    ({"axes": (Axis("seed", ("1", "2")),)}, "trainings"),
    ({"axes": (Axis("learning_rate", ("1",)), Axis("learning_rate", ("2",)))}, "trainings"),
    ({"axes": (Axis("learning_rate", span=("0.001", "1", 1000)),)}, "trainings"),
    ({"axes": (Axis("n_samples", ("10", "100")),)}, "trainings"),
    ({"axes": (Axis("dataset", ("moons", "mnist")),)}, AXES[0]),
]


@pytest.mark.parametrize(("changes", "where"), BAD)
def test_what_cannot_be_trained_is_refused_in_a_sentence_beside_its_control(
    changes: dict[str, object], where: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NNPLAY_DASK", raising=False)
    plan = dataclasses.replace(Plan(), **changes)  # type: ignore[arg-type]
    with pytest.raises(Refusal) as refused:
        plan.grid(dataclasses.replace(CONFIG, batch_size=20))
    assert sweep_link.beside(refused.value, plan) == where
    words = sweep_link.in_words(refused.value)
    assert words.endswith(".")
    assert "grid[" not in words


def test_too_much_time_is_refused_with_the_epochs_that_fit() -> None:
    axes = (Axis("batch_size", ("1",)), Axis("learning_rate", span=("0.001", "1", 30)))
    plan = Plan(axes, n_seeds=64, epochs=10_000)
    with pytest.raises(Refusal, match="epochs must be at most") as refused:
        plan.grid(ExperimentConfig(n_samples=1000))
    most = int(refused.value.requirement.split()[4].replace(",", ""))
    dataclasses.replace(plan, epochs=most).grid(ExperimentConfig(n_samples=1000))


def test_each_cell_must_fit_a_shared_server() -> None:
    plan = Plan((Axis("hidden_sizes", ("8", "512-512-512-512-512-512-512-512")),), n_seeds=1)
    with pytest.raises(Refusal, match="shared server"):
        plan.grid(ExperimentConfig(n_samples=10_000, batch_size=None))


def test_places_are_what_the_server_is_told_of(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NNPLAY_DASK", raising=False)
    monkeypatch.delenv("NNPLAY_PROCESSES", raising=False)
    assert sweep_limits.places() == ("threads",)
    monkeypatch.setenv("NNPLAY_PROCESSES", "2")
    assert sweep_limits.places() == ("threads", "loky")
    monkeypatch.setenv("NNPLAY_PROCESSES", "many")
    monkeypatch.setenv("NNPLAY_DASK", "tcp://localhost:1")
    assert sweep_limits.places() == ("threads", "dask")


PLANS = [
    Plan(),
    Plan((Axis("activation", ("tanh", "elu(alpha=2)")),), 3, 40),
    Plan((Axis("learning_rate", span=("0.001", "1", 7)), Axis("features", ("x1;x2", "x1;x2;x1*x2"))), 1, 1),
    Plan((Axis("batch_size", ("full", "1")), Axis("shuffle", ("true", "false")))),
]


@pytest.mark.parametrize("plan", PLANS)
def test_a_link_tells_a_sweep(plan: Plan) -> None:
    assert from_query(to_query(plan)) == (plan, [])


def test_what_a_link_says_wrong_is_dropped_and_told() -> None:
    query = {AXES[0]: "seed~1~2", AXES[1]: "momentum~0~0.9", SEEDS: "1000", EPOCHS: "-3"}
    plan, notices = from_query(query)
    assert plan == Plan((Axis("momentum", ("0", "0.9")),))
    assert len(notices) == 3


def test_a_sweep_of_a_file_is_asked_for_by_a_plan() -> None:
    grid = PLANS[2].grid(CONFIG)
    assert plan_of(grid).grid(CONFIG).to_dict() == grid.to_dict()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "is empty"),
        ("[1, 2]", "isn't a saved sweep"),
        ("{", "isn't a saved sweep"),
        ("[" * 100_000, "isn't a saved sweep"),
        ('{"config": {"dataset": "mnist"}, "grid": {"learning_rate": [1]}}', "must be data with a plane"),
        ('{"grid": {"dataset": ["moons", "digits"]}}', "must be data with a plane"),
        ('{"grid": {"seed": [1]}}', "must not vary"),
        ('{"grid": {"dataset": [["moons"]]}}', "data"),
        ('{"grid": {}}', "at least one setting"),
        ('{"grid": {"momentum": [0.5]}, "done": "all"}', "must be a list"),
        ('{"format": "nnplay run", "grid": {"momentum": [0.5]}}', "must be a sweep"),
    ],
)
def test_a_file_that_holds_no_sweep_is_refused_before_anything_is_fetched(content: str, words: str) -> None:
    with pytest.raises(Refusal) as refused:
        sweep_link.from_file(content)
    assert words in sweep_link.in_words(refused.value)

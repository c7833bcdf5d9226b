"""Optional parts of a frame: sent while a panel asks for them, and what each of them holds."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from nnplay import ExperimentConfig
from nnplay.experiment.frames.frame import Arrays
from nnplay.experiment.frames.frame_context import FrameContext
from nnplay.experiment.recording.parts import PARTS, Part, checked_parts
from nnplay.experiment.recording.recording import Recording
from tests.server.test_frames import CONFIG, Visitor

PLENTY = 1e9


@pytest.fixture
def norm_part(monkeypatch: pytest.MonkeyPatch) -> None:
    """A part with one number: the size of the parameters that the frame shows."""

    def norm(context: FrameContext) -> dict[str, np.ndarray]:
        return {"norm": np.array([np.linalg.norm(context.parameters), context.frame], "<f8")}

    monkeypatch.setitem(PARTS, "norm", norm)


@pytest.mark.usefixtures("norm_part")
def test_a_part_is_sent_from_when_it_is_asked_for_until_it_is_no_longer() -> None:
    visitor = Visitor()
    assert "norm" not in visitor.ask_frames(0, 1)[0]
    header, _, (frame,) = visitor.ask("view", frame=1, shows=["norm"])
    assert header["view"]["shows"] == ["norm"]
    assert frame["counters"][4] == header["view"]["id"]
    parameters = visitor.feed.recording.session.network.parameters
    assert frame["norm"].tolist() == [np.linalg.norm(parameters), 1.0]
    (frame,) = visitor.ask_frames(1, 1)
    assert frame["norm"].tolist() == [np.linalg.norm(parameters), 2.0]
    header, _, (frame,) = visitor.ask("view", frame=1)  # left out: as before
    assert header["view"]["shows"] == ["norm"]
    assert "norm" not in visitor.ask("view", frame=1, shows=[])[2][0]


@pytest.mark.usefixtures("norm_part")
@pytest.mark.parametrize("change", [{"hidden_sizes": (5,)}, {"seed": 9}])
def test_a_new_run_shows_the_same_parts(change: dict[str, Any]) -> None:
    visitor = Visitor()
    visitor.ask("view", frame=0, shows=["norm"])
    visitor.feed.use(ExperimentConfig(**{**CONFIG.to_dict(), **change}))
    assert visitor.feed.recording.shows == ("norm",)


@pytest.mark.usefixtures("norm_part")
def test_parts_are_named_once_and_in_their_own_order() -> None:
    assert checked_parts(["norm", "norm"]) == ("norm",)
    with pytest.raises(ValueError, match=r"part must be one of .*'norm'.* Did you mean 'norm'"):
        checked_parts(["nrom"])
    for bad in (None, "norm", [1], [["norm"]], {"norm": 1}):
        with pytest.raises(TypeError, match="shows must be a list of names of parts; got"):
            checked_parts(bad)


def test_no_part_takes_the_name_of_another_array(monkeypatch: pytest.MonkeyPatch) -> None:
    image, table = ExperimentConfig(dataset="digits", hidden_sizes=(4,)), ExperimentConfig(dataset="diabetes")
    recordings = [Recording(config) for config in (CONFIG, image, table)]
    taken = set()
    for recording in recordings:
        taken |= set(recording.frame(0).arrays())
    for name, part in list(PARTS.items()):
        own: set[str] = set()

        def noting(context: FrameContext, part: Part = part, own: set[str] = own) -> Arrays:
            arrays = part(context)
            own |= set(arrays)
            return arrays

        monkeypatch.setitem(PARTS, name, noting)
        for recording in recordings:
            recording.look((name,))
            recording.frame(0)
        assert own, name
        assert not taken & own
        taken |= own


@pytest.mark.parametrize(
    ("dataset", "absent"),
    [
        ("digits", {"importance", "responses"}),
        ("diabetes", {"first_units", "strong_units", "mistakes"}),
        ("moons", {"importance", "responses", "first_units", "strong_units", "mistakes"}),
    ],
)
def test_what_the_data_do_not_have_is_not_computed_whoever_asks(
    dataset: str, absent: set[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: set[str] = set()

    def noting(name: str, part: Callable[..., Any]) -> Callable[..., Any]:
        def draw(context: Any) -> Any:
            drawn.add(name)
            return part(context)

        return draw

    for name, part in list(PARTS.items()):
        monkeypatch.setitem(PARTS, name, noting(name, part))
    visitor = Visitor(ExperimentConfig(dataset=dataset, hidden_sizes=(4,)))
    visitor.ask("view", frame=0, shows=list(PARTS))
    assert drawn == set(PARTS) - absent

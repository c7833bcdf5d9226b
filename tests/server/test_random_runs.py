"""Random runs, trained again from their recipes: as they are, from a link, from a file; each the run bit for bit."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

import numpy as np
import pytest

from nnplay import ExperimentConfig
from nnplay.datasets import DATASETS
from nnplay.datasets.stored import STORED
from nnplay.engine.activations import ACTIVATIONS
from nnplay.engine.initializers import INITIALIZERS
from nnplay.engine.losses import LOSSES
from nnplay.engine.optimizers import OPTIMIZERS
from nnplay.engine.outputs import OUTPUTS
from nnplay.engine.regularizers import REGULARIZERS
from nnplay.engine.schedules import SCHEDULES
from nnplay.experiment.config.fields import CARRIED_OVER_FIELDS, LIVE_FIELDS, SETTINGS, differing
from nnplay.experiment.frames import frame_memory
from nnplay.experiment.recording.recipe import (
    CarryOver,
    Edit,
    FreshOptimizer,
    NewSettings,
    Place,
    Recipe,
    without_stops,
)
from nnplay.experiment.recording.recording import Recording
from nnplay.experiment.recording.replaying import Replay
from nnplay.experiment.recording.told_run import ToldRun
from nnplay.experiment.saved_runs import saved_run
from nnplay.experiment.training.stop_conditions import STOP_FIELDS
from nnplay.server import answers, moments
from nnplay.server.stage_feed import Feed
from tests.experiment.recording.random_runs import PLENTY, course_of
from tests.experiment.recording.test_recipe import newest, state_of

N_RUNS, N_CHUNKS = 208, 8
REGISTERED: dict[str, Iterable[str]] = {
    "dataset": [*DATASETS, *STORED],
    "activation": ACTIVATIONS,
    "output": OUTPUTS,
    "loss": LOSSES,
    "initializer": INITIALIZERS,
    "optimizer": OPTIMIZERS,
    "schedule": SCHEDULES,
    "regularizer": REGULARIZERS,
}


@pytest.fixture(autouse=True)
def little_room(monkeypatch: pytest.MonkeyPatch) -> None:
    # So little room that old frames give up what only training needs, as those of large networks do.
    monkeypatch.setattr(frame_memory, "WORTH_LIGHTENING", 0)
    monkeypatch.setattr(answers, "CPU_SECONDS", PLENTY)
    for name in ("CPU_SECONDS_ALONE", "CPU_SECONDS_LARGE"):
        monkeypatch.setattr(answers, name, PLENTY)


def replayed(recording: Recording) -> Recording:
    """Return the run trained again from its recipe."""
    told = recording.recipe
    assert told is not None
    recipe = Recipe.from_dict(json.loads(json.dumps(told.to_dict())))
    assert recipe == told
    again = Replay(ToldRun.of(recipe, recording.session.n_steps)).run().recording
    session = recipe.replay(recording.session.n_steps, evaluate_every=0)
    assert state_of(session.snapshot()) == state_of(newest(again).snapshot)
    return again


def opened_from_link(recording: Recording) -> Recording:
    """Return the run as its link opens on a stage; one without changes begins anew there, and is trained so far."""
    query = moments.query_of(recording, recording.config, recording.last_frame)
    config, refusals = ExperimentConfig.from_query(query)
    assert refusals == []
    if moments.NAME in query:
        moment = moments.from_link(query[moments.NAME], config)
        assert moment == moments.Moment(recording.recipe, recording.session.n_steps)
        return Feed(config, moment=moment).recording
    assert recording.recipe == Recipe(config)
    return Replay(ToldRun.of(Recipe(config), recording.session.n_steps)).run().recording


def opened_from_file(recording: Recording) -> Recording:
    """Return the run as its file opens."""
    return saved_run.from_json(saved_run.to_json(recording))


def stand(recording: Recording) -> Any:
    """Return all that the next steps depend on, with the settings as they are now; nothing is to stop the run."""
    recording.apply(without_stops(recording.config))
    return state_of(recording.session.snapshot())


def measured(recording: Recording) -> bytes:
    """Return the losses and scores of the newest frame."""
    return np.array(newest(recording).measures[:4]).tobytes()


@pytest.mark.parametrize("chunk", [0, *(pytest.param(chunk, marks=pytest.mark.long) for chunk in range(1, N_CHUNKS))])
def test_random_runs_are_the_same_bit_for_bit_trained_again_opened_from_a_link_and_from_a_file(chunk: int) -> None:
    for seed in range(chunk, N_RUNS, N_CHUNKS):
        recording = course_of(seed)
        for track in list(recording.branches):
            recording.switch(track.name, recording.last_frame)
            others = [replayed(recording), opened_from_link(recording), opened_from_file(recording)]
            # What the file tells of the run leads there, too.
            others.append(replayed(others[-1]))
            for other in others:
                assert other.recipe == recording.recipe
                other.apply(recording.config)
                assert stand(other) == stand(recording)
            # All of them go on in the same way.
            end, *ends = [
                (each.train_to(each.session.n_steps + 5), stand(each), measured(each)) for each in (recording, *others)
            ]
            assert all(each == end for each in ends)


@pytest.mark.long
def test_random_runs_have_every_kind_of_change_every_setting_and_everything_registered() -> None:
    kinds, first, live, carried_over, names = set[type](), set[str](), set[str](), set[str](), set[str]()
    for seed in range(N_RUNS):
        for track in course_of(seed).branches:
            recipe = track.recipe_at(track.last_frame)
            assert recipe is not None
            first.update(differing(ExperimentConfig(), recipe.config))
            before = recipe.config
            for event in recipe.events:
                kinds.add(type(event))
                if isinstance(event, (NewSettings, CarryOver)):
                    among = live if isinstance(event, NewSettings) else carried_over
                    among.update(differing(before, event.config))
                    before = event.config
                names.update(str(getattr(before, name)).split("(")[0] for name in REGISTERED)
    assert kinds == {NewSettings, CarryOver, Edit, Place, FreshOptimizer}
    assert first == {*SETTINGS} - {*STOP_FIELDS}
    assert live == {*LIVE_FIELDS} - {*STOP_FIELDS}
    assert carried_over >= {*CARRIED_OVER_FIELDS}
    registered = {name for registry in REGISTERED.values() for name in registry}
    assert registered - names == {name for name in STORED if STORED[name].fetched_megabytes}

"""A place of the landscape that one goes to: all parameters set by hand, on a branch, and told in the recipe."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from nnplay import ExperimentConfig
from nnplay.assignments.assignment import Assignment, Goal
from nnplay.experiment.recording import edits
from nnplay.experiment.recording.recipe import MOST_PLACED, Edit, Place, Recipe
from nnplay.experiment.recording.recording import Recording
from nnplay.refusal import Refusal
from nnplay.server import moments

CONFIG = ExperimentConfig(dataset="moons", n_samples=40, hidden_sizes=(4, 2), batch_size=7, seed=3, momentum=0.9)
PLENTY = 1e9


def trained(config: ExperimentConfig = CONFIG) -> tuple[Recording, np.ndarray]:
    recording = Recording(config)
    recording.advance(0, "step", 3, 6, PLENTY)
    rng = np.random.default_rng(1)
    return recording, rng.normal(size=recording.session.network.parameters.size)


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_the_network_is_there_on_a_branch_and_goes_on_from_there(dtype: str) -> None:
    recording, there = trained(dataclasses.replace(CONFIG, dtype=dtype))
    before = recording.track.kept[4].snapshot
    frame = edits.go_to(recording, 4, 6, there, ())
    assert (recording.track.name, recording.track.edits, frame.number, frame.n_steps) == ("B", [5], 5, 12)
    now = recording.session.network.parameters
    np.testing.assert_array_equal(now, there.astype(np.float32).astype(dtype))
    assert frame.measures[0] == recording.session.measure()[0] != before
    # The rest of training stands where it stood: the velocity, the order of the samples.
    state = recording.track.kept[5].snapshot
    np.testing.assert_array_equal(state.optimizer["vectors"]["velocity"], before.optimizer["vectors"]["velocity"])
    assert state.batches == before.batches
    recording.advance(5, "step", 3, 2, PLENTY)
    assert (recording.last_frame, recording.branches["A"].last_frame) == (7, 6)


def test_the_next_place_takes_the_place_of_one_that_nothing_was_trained_from() -> None:
    recording, there = trained()
    edits.go_to(recording, 6, 6, there, ())
    edits.go_to(recording, 7, 7, 2 * there, ())  # from the place itself
    assert (len(recording.branches), recording.last_frame, recording.track.edits) == (2, 7, [7])
    edits.go_to(recording, 6, 6, there / 2, ())  # after it was undone
    assert (len(recording.branches), recording.last_frame) == (2, 7)
    np.testing.assert_array_equal(recording.session.network.parameters, (there / 2).astype("<f4"))
    recording.advance(7, "step", 1, 2, PLENTY)
    edits.go_to(recording, 9, 9, there, ())
    assert [track.name for track in recording.branches] == ["A", "B", "C"]
    assert recording.recipe is not None
    assert len(recording.recipe.events) == 2


def test_the_recipe_leads_there_bit_for_bit_and_fits_in_a_link() -> None:
    recording, there = trained()
    edits.go_to(recording, 4, 6, there, ())
    recording.advance(5, "step", 5, 4, PLENTY)
    recipe, n_steps = recording.recipe, recording.session.n_steps
    assert recipe is not None
    assert recipe.replay(n_steps).network.parameters.tobytes() == recording.session.network.parameters.tobytes()
    text = moments.to_text(recipe, n_steps, CONFIG)
    assert len(text) < 80 + 6 * there.size
    again = moments.from_text(text, CONFIG)
    assert again.recipe == recipe
    assert again.recipe.replay(again.n_steps).snapshot().optimizer["vectors"].keys() == {"velocity"}


def test_what_is_no_sensible_place_changes_nothing() -> None:
    recording, there = trained()
    for parameters in (there * np.inf, there * 0 + 1001, there * 0 + 900.0, there * np.nan):
        config = dataclasses.replace(CONFIG, dataset="hills", activation="identity", hidden_sizes=(4, 2))
        other = Recording(config)
        with pytest.raises(Refusal, match="place must have"), np.errstate(all="ignore"):
            edits.go_to(other, 0, 0, parameters, ())
        assert (len(other.branches), other.last_frame) == (1, 0)
    with pytest.raises(LookupError):
        edits.go_to(recording, 77, 77, there, ())
    assert (len(recording.branches), recording.last_frame) == (1, 6)


def test_of_a_large_network_only_what_was_varied_is_told() -> None:
    recording = Recording(dataclasses.replace(CONFIG, hidden_sizes=(90, 90)))
    there = recording.session.network.parameters.copy()
    assert there.size > MOST_PLACED
    there[[5, 70]] = 0.25, -0.5
    with pytest.raises(Refusal, match="8,000"):
        edits.go_to(recording, 0, 0, there, ())
    assert len(recording.branches) == 1
    edits.go_to(recording, 0, 0, there, (5, 70))
    assert recording.recipe is not None
    assert recording.recipe.events == (Edit(0, 5, 0.25), Edit(0, 70, -0.5))
    np.testing.assert_array_equal(recording.session.network.parameters, there)


def test_a_recipe_checks_its_places() -> None:
    good = Place.at(3, np.zeros(CONFIG.n_parameters))
    assert Recipe.from_dict(Recipe(CONFIG, (good,)).to_dict()) == Recipe(CONFIG, (good,))
    for bad in (
        Place.at(3, np.zeros(4)),
        Place.at(3, np.full(CONFIG.n_parameters, np.nan)),
        Place.at(3, np.full(CONFIG.n_parameters, -2000.0)),
        Place(3, "text"),  # type: ignore[arg-type]
    ):
        with pytest.raises((Refusal, TypeError), match="place"):
            Recipe(CONFIG, (bad,))
    with pytest.raises(Refusal, match="8,000"):
        Recipe(CONFIG, (good,) * (MOST_PLACED // CONFIG.n_parameters + 1))
    for text in ("no base64", "AAA", 7, None):
        with pytest.raises((Refusal, TypeError), match="place"):
            Recipe.from_dict({"config": {}, "events": [[0, "place", text]]})


def test_an_assignment_that_locks_the_weights_locks_places_too() -> None:
    assignment = Assignment(
        "Title", "Task", Goal("accuracy", 0.5), dataclasses.replace(CONFIG, data_seed=3), fixed=("weights",)
    )
    with pytest.raises(Refusal, match="by hand"):
        assignment.check_recipe(Recipe(CONFIG, (Place.at(0, np.zeros(CONFIG.n_parameters)),)))

"""A replay page holds the numbers of the recording, is small, and says what it is."""

from __future__ import annotations

import dataclasses
import math
import re

import numpy as np
import pytest

import nnplay as nn
from nnplay.app_files import STATIC
from nnplay.experiment.config.presets import DIGITS_8X8
from nnplay.experiment.recording.recording import Recording
from nnplay.experiment.saved_runs import saved_run
from nnplay.refusal import Refusal
from nnplay.server.replay import again, frames, page
from nnplay.server.replay.frames import chosen, evenly
from tests.server.replay.reading import bytes_in, message_in

SMALL = nn.ExperimentConfig(n_samples=60, hidden_sizes=(3,))


def train(recording: Recording, epochs: int) -> Recording:
    for _ in range(epochs):
        recording.advance(recording.last_frame, "epoch", 1, 1, math.inf)
    return recording


@pytest.fixture(scope="module")
def usual() -> tuple[Recording, str]:
    recording = nn.export.record(nn.ExperimentConfig(), 220, epochs_per_frame=1)
    return recording, nn.export.replay_page(recording)


def test_every_number_is_the_recordings(usual: tuple[Recording, str]) -> None:
    recording, text = usual
    header, statics, no_frames = message_in(text, "nnplay-sync")
    _, _, drawn = message_in(text, "nnplay-frames")
    kept = recording.track.kept
    assert no_frames == []
    assert [int(frame["counters"][0]) for frame in drawn] == kept.numbers
    for frame, number in zip(drawn, kept.numbers, strict=True):
        assert np.array_equal(frame["parameters"], kept[number].snapshot.parameters.astype("f4"))
        assert np.array_equal(frame["measures"], kept[number].measures, equal_nan=True)
        assert frame["counters"][3] == kept[number].snapshot.n_steps
        assert {"confusion", "gradient_norms"} <= set(frame)
    for name in ("train_loss", "test_loss", "train_score"):
        assert np.array_equal(statics[f"history_{name}"], recording.history[name])
    assert np.array_equal(statics["inputs"], recording.setup.inputs.astype("f4"))
    assert header["info"]["network"]["layer_sizes"] == [2, 8, 8, 1]


def test_a_usual_run_takes_less_than_a_megabyte_and_a_half(usual: tuple[Recording, str]) -> None:
    recording, text = usual
    assert recording.last_frame >= 200
    assert len(text.encode()) < 1_500_000


def test_the_page_asks_for_nothing(usual: tuple[Recording, str]) -> None:
    _, text = usual
    assert "default-src 'none'" in text
    named = re.findall(r"""\b(?:src|href)=["']([^"']*)""", text)
    assert named == ["data:,"]
    assert not re.search(
        "https?:", re.sub(r'<script type="application/gzip".*?</script>|<style>.*?</style>', "", text, flags=re.S)
    )


def test_the_programs_are_those_of_the_bundle(usual: tuple[Recording, str]) -> None:
    _, text = usual
    for name, path in page.PROGRAMS.items():
        assert bytes_in(text, name) == (STATIC / path).read_bytes()


def test_the_heading_says_what_was_trained(usual: tuple[Recording, str]) -> None:
    _, text = usual
    assert "<h1>Spirals: a 2 – 8 – 8 – 1 network learns</h1>" in text
    assert "activation tanh, SGD, learning rate 0.03, momentum 0.9, batch size 10, seed 0." in text
    assert "Recorded with nnplay: 221 frames, epochs 0 to 220." in text


def test_the_same_run_is_the_same_page_and_the_recording_stays_as_it_was() -> None:
    recording = train(Recording(SMALL), 5)
    recording.look(("layers",))
    before = recording.shows, recording.view_id, recording.last_frame
    first = nn.export.replay_page(recording)
    assert nn.export.replay_page(recording) == first
    assert (recording.shows, recording.view_id, recording.last_frame) == before
    assert np.isfinite(recording.advance(5, "epoch", 1, 1, math.inf)[0].measures[0])


def test_what_was_changed_on_the_way_is_told() -> None:
    recording = train(Recording(SMALL), 4)
    recording.apply(dataclasses.replace(SMALL, learning_rate=0.3))
    text = nn.export.replay_page(train(recording, 4))
    assert "learning rate 0.03," in text
    assert "Changed on the way: at epoch 4 learning rate 0.03 → 0.3." in text
    assert message_in(text, "nnplay-sync")[0]["marks"] == [
        {"frame": 4, "epoch": 4.0, "text": "learning rate 0.03 → 0.3"}
    ]


def test_of_a_long_run_frames_are_left_out_evenly_and_that_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    recording = nn.export.record(SMALL, 120, epochs_per_frame=1)
    monkeypatch.setattr(frames, "LEAST_FRAMES", 4)
    whole = nn.export.replay_page(recording)
    sizes = len(whole.encode()) - 4000
    monkeypatch.setattr(page, "MAX_BYTES", sizes)
    text = nn.export.replay_page(recording)
    numbers = [int(frame["counters"][0]) for frame in message_in(text, "nnplay-frames")[2]]
    assert len(text.encode()) <= sizes
    assert 4 < len(numbers) < 121
    assert (numbers[0], numbers[-1]) == (0, 120)
    assert set(np.diff(numbers)) <= {1, 2, 3}
    assert f"{len(numbers)} of 121 frames, evenly spread over epochs 0 to 120;" in text
    assert len(message_in(text, "nnplay-sync")[1]["history_train_loss"]) == 121


def test_frames_are_chosen_evenly_however_they_are_kept() -> None:
    assert evenly(np.arange(11), 6) == [0, 2, 4, 6, 8, 10]
    assert evenly(np.array([0, 8, 16, 24, 25, 26, 27, 28, 29, 30, 31, 32]), 5) == [0, 8, 16, 24, 32]
    assert evenly(np.array([3]), 4) == [3]


def test_a_saved_run_is_trained_again_for_its_frames() -> None:
    recording = train(Recording(SMALL), 30)
    recording.apply(dataclasses.replace(SMALL, learning_rate=0.2))
    train(recording, 10)
    opened = saved_run.from_json(saved_run.to_json(recording))
    assert len(opened.track.kept) == 2
    text = nn.export.replay_page(opened)
    drawn = message_in(text, "nnplay-frames")[2]
    assert len(drawn) > 24
    assert np.array_equal(drawn[-1]["parameters"], recording.session.network.parameters.astype("f4"))
    assert "at epoch 30 learning rate 0.03 → 0.2." in text
    assert len(opened.track.kept) == 2


def test_where_that_would_take_long_the_page_has_the_frames_there_are(monkeypatch: pytest.MonkeyPatch) -> None:
    opened = saved_run.from_json(saved_run.to_json(train(Recording(SMALL), 30)))
    monkeypatch.setattr(again, "MOST_SECONDS", 0.0)
    assert "2 of 31 frames, evenly spread" in nn.export.replay_page(opened)


def test_of_a_run_on_a_grid_the_newest_frames_do_not_play_in_slow_motion() -> None:
    recording = train(Recording(SMALL), 40)
    kept = recording.track.kept
    for number in [n for n in kept.numbers if n < 32 and n % 8]:
        kept._drop(number)
    assert chosen(recording, 600, 40) == [0, 8, 16, 24, 32, 40]


def test_the_steps_in_which_a_run_diverged_are_all_there() -> None:
    recording = nn.export.record(dataclasses.replace(SMALL, dataset="plane", activation="relu", learning_rate=10.0), 50)
    stopped = recording.stopped
    assert stopped is not None
    assert stopped.good is not None
    numbers = chosen(recording, 2, recording.last_frame)
    assert numbers[-(recording.last_frame - stopped.good) :] == [*range(stopped.good + 1, recording.last_frame + 1)]
    assert message_in(nn.export.replay_page(recording), "nnplay-sync")[0]["stopped"]["message"] == stopped.message


def test_digits_hold_what_was_computed_along_the_directions_of_the_last_frame() -> None:
    recording = nn.export.record(dataclasses.replace(DIGITS_8X8.config, hidden_sizes=(12,)), 3)
    fit = recording.fit
    header, _, drawn = message_in(nn.export.replay_page(recording), "nnplay-frames")
    assert recording.fit == fit
    names = {row["name"] for row in header["frame_layout"]}
    assert {"hidden_points", "confusion", "first_images", "strong_images", "mistake_images"} <= names
    assert "parameters" not in names
    # Principal components of the last hidden layer at the last frame, centred, the largest first.
    x0, dx, y0, dy = drawn[-1]["hidden_scale"]
    points = drawn[-1]["hidden_points"] * [dx, dy] + [x0, y0]
    a = recording.session.network.hidden_activations(recording.setup.inputs.astype("f4"))[-1].astype(float)
    variances = np.linalg.eigvalsh(np.cov(a.T))[::-1][:2]
    assert np.cov(points.T) == pytest.approx(np.diag(variances), rel=0.02, abs=0.02 * variances[0])


def test_a_link_is_told_and_cannot_break_out() -> None:
    recording = train(Recording(SMALL), 2)
    text = nn.export.replay_page(recording, link='https://example.org/?a=1&b="><script>')
    assert 'href="https://example.org/?a=1&amp;b=&quot;&gt;&lt;script&gt;"' in text
    with pytest.raises(Refusal, match="link must begin with https:// or http://; got 'javascript:"):
        nn.export.replay_page(recording, link="javascript:alert(1)")


def test_names_of_ones_own_cannot_break_out() -> None:
    recording = train(Recording(SMALL), 2)
    recording.setup.class_names = ("</script><script>alert(1)</script>", "b")
    text = nn.export.replay_page(recording)
    assert "alert(1)" not in text
    assert message_in(text, "nnplay-sync")[0]["info"]["class_names"][0].startswith("</script>")


def test_what_cannot_be_played_is_refused_in_a_sentence() -> None:
    with pytest.raises(Refusal, match="recording must have been trained for a frame at least"):
        nn.export.replay_page(Recording(SMALL))
    huge = train(Recording(dataclasses.replace(SMALL, n_samples=20, hidden_sizes=(500, 400))), 1)
    with pytest.raises(Refusal, match="network must be small enough for a page: a frame may take 250,000 bytes"):
        nn.export.replay_page(huge)
    with pytest.raises(Refusal, match="epochs must be an integer at least 1; got 0"):
        nn.export.record(SMALL, 0)


def test_without_the_bundle_it_says_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page, "STYLES", "bundle/none.css")
    with pytest.raises(Refusal, match=r"static/bundle must be made first, by tests/js/bundle; none.css is missing"):
        nn.export.replay_page(train(Recording(SMALL), 1))


def test_a_run_is_recorded_in_about_two_hundred_frames_to_the_epoch() -> None:
    recording = nn.export.record(SMALL, 450)
    assert recording.session.epoch == 450
    assert 150 <= recording.last_frame <= 260
    alone = SMALL.build().run(450)
    assert np.array_equal(recording.session.network.parameters, alone.network.parameters)


@pytest.mark.parametrize("given", [SMALL, SMALL.build(), None, "moons", SMALL.to_dict()])
def test_what_is_no_recording_is_refused_and_told_how_one_is_made(given: object) -> None:
    with pytest.raises(
        nn.Refusal, match=r"recorded in frames; got .*nn\.export\.record\(config, epochs=200\) makes one"
    ):
        nn.export.replay_page(given)  # type: ignore[arg-type]
    if given is not SMALL:
        with pytest.raises(nn.Refusal, match="config must be an instance of ExperimentConfig"):
            nn.export.record(given, 1)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("argument", "given"), [("link", 5), ("link", None), ("last", "3"), ("last", 1.5), ("last", -1)]
)
def test_other_arguments_of_a_page_are_checked(argument: str, given: object) -> None:
    recording = nn.export.record(SMALL, 1)
    with pytest.raises(nn.Refusal, match=f"^{argument} must be"):
        nn.export.replay_page(recording, **{argument: given})  # type: ignore[arg-type]

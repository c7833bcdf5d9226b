"""Pictures and videos of a run, made in the browser, and what a program of other people's reads in them."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.stage import Stage
from tests.browser.test_accessibility import findings

OpenStage = Callable[..., Stage]
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def ffprobe() -> str:
    path = shutil.which("ffprobe")
    if path:
        return path
    message = "no ffprobe: install ffmpeg"
    if os.environ.get("CI") == "true":
        pytest.fail(message)
    pytest.skip(message)


def read(ffprobe: str, file: Path) -> dict[str, Any]:
    """Return what ffprobe reads in a file: its stream, with all frames decoded."""
    fields = "stream=codec_name,width,height,nb_read_frames,duration"
    command = [ffprobe, "-v", "error", "-count_frames", "-show_entries", fields, "-of", "json", str(file)]
    (stream,) = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)["streams"]
    return dict(stream)


def part(stage: Stage, name: str) -> Locator:
    """Open a part of the dialog Take away."""
    dialog = stage.page.get_by_role("dialog", name="Take away")
    if not dialog.is_visible():
        stage.page.get_by_role("button", name="Take away").click()
    dialog.get_by_role("radio", name=name, exact=True).click()
    expect(dialog.get_by_role("button", name=f"Make the {name.lower()}")).to_be_visible()
    return dialog


def make(dialog: Locator, name: str, file: Path, **fields: str) -> Path:
    """Fill the form in, let it make something, and save that."""
    for label, value in fields.items():
        control = dialog.get_by_label(label.replace("_", " "), exact=True)
        if control.evaluate("control => control.tagName") == "SELECT":
            control.select_option(label=value)
        else:
            control.fill(value)
    dialog.get_by_role("button", name=f"Make the {name}").click()
    save = dialog.get_by_role("link", name=f"{file.suffix}")
    expect(save).to_be_visible()
    with dialog.page.expect_download() as download:
        save.click()
    download.value.save_as(file)
    return file


def video_before_training(stage: Stage) -> tuple[Locator, Locator]:
    """Return the form of a video of a run that isn't trained, which says so, and its button."""
    dialog = part(stage, "Video")
    button = dialog.get_by_role("button", name="Make the video")
    expect(dialog.get_by_text("Train a little first")).to_be_visible()
    expect(button).to_be_disabled()
    return dialog, button


def test_a_run_is_taken_away_as_videos_and_pictures(open_stage: OpenStage, ffprobe: str, tmp_path: Path) -> None:
    stage = open_stage("?dataset=moons&hidden_sizes=4")
    stage.play_and_pause(12)
    shown = stage.frame
    dialog = part(stage, "Video")
    small = {"Length_in_seconds": "1", "Width_in_pixels": "320", "Height_in_pixels": "240"}

    mp4 = read(ffprobe, make(dialog, "video", tmp_path / "a.mp4", **small, Frames_per_second="10"))
    assert (mp4["codec_name"], mp4["width"], mp4["height"]) == ("h264", 320, 240)
    assert (int(mp4["nb_read_frames"]), float(mp4["duration"])) == (10, 1.0)

    panel = {"Format": "GIF", "What": "Decision boundary", "From_epoch": "2", "To_epoch": "11"}
    gif = read(ffprobe, make(dialog, "video", tmp_path / "a.gif", **panel, **small, Frames_per_second="10"))
    assert (gif["codec_name"], gif["width"], gif["height"]) == ("gif", 320, 240)
    assert (int(gif["nb_read_frames"]), float(gif["duration"])) == (10, 1.0)  # one for each epoch

    dialog = part(stage, "Picture")
    dialog.get_by_label("What", exact=True).select_option("Decision boundary")
    expect(dialog.get_by_label("Height in pixels")).to_have_value("1150")
    dialog.get_by_label("What", exact=True).select_option("The whole stage")
    expect(dialog.get_by_label("Height in pixels")).to_have_value("1080")
    size = {"Width_in_pixels": "640", "Height_in_pixels": "480"}
    png = read(ffprobe, make(dialog, "picture", tmp_path / "a.png", **size))
    assert (png["codec_name"], png["width"], png["height"]) == ("png", 640, 480)
    svg = ElementTree.parse(make(dialog, "picture", tmp_path / "a.svg", Format="SVG")).getroot()
    assert (svg.get("width"), svg.get("height")) == ("640", "480")
    link = dialog.get_by_role("link", name=".svg").bounding_box()
    image = dialog.locator(".nn-take-result img").bounding_box()
    assert link is not None
    assert image is not None
    assert link["y"] + link["height"] <= image["y"]  # the way to the file doesn't lie beyond the screen's edge
    texts = [node.text for node in svg.iter(f"{SVG}text")]
    assert {"Epoch", "Training loss", str(stage.epoch), "Decision boundary", "Loss", "epoch", "class 0"} <= set(texts)
    assert len(list(svg.iter(f"{SVG}use"))) >= 100  # the samples that the hidden layer sees, markers in lines
    assert stage.frame == shown  # the stage stays where it was
    expect(stage.page.locator("iframe.nn-darkroom")).to_have_count(0)


def test_a_bad_size_is_said_beside_it_and_what_is_made_can_be_stopped(open_stage: OpenStage) -> None:
    stage = open_stage("?dataset=moons&hidden_sizes=4")
    dialog, button = video_before_training(stage)
    stage.page.keyboard.press("Escape")
    stage.play_until(8)
    dialog = part(stage, "Video")
    width = dialog.get_by_label("Width in pixels")
    width.fill("801")
    expect(width).to_have_accessible_description(
        "The width must be an even number of pixels from 160 to 3840; got 801."
    )
    expect(button).to_be_disabled()
    assert findings(stage.page, "dark", "light") == []
    width.fill("800")
    expect(width).to_have_accessible_description("")
    dialog.get_by_label("Length in seconds").fill("60")
    button.click()
    expect(dialog.get_by_role("progressbar")).to_be_visible()
    stage.wait_for("+at.epoch >= 12")  # the stage plays on
    dialog.get_by_role("button", name="Cancel").click()
    expect(dialog.get_by_text("Cancelled.")).to_be_visible()
    expect(stage.page.locator("iframe.nn-darkroom")).to_have_count(0)
    button.click()
    expect(stage.page.locator("iframe.nn-darkroom")).to_have_count(1)
    stage.page.keyboard.press("Escape")
    expect(stage.page.locator("iframe.nn-darkroom")).to_have_count(0)
    stage.page.evaluate("window.VideoEncoder = undefined")  # as in a page without https
    dialog = part(stage, "Video")
    expect(dialog.get_by_text("This is a GIF, as MP4 videos need a newer browser")).to_be_visible()
    expect(dialog.get_by_label("Format").locator("option")).to_have_text(["GIF"])


@pytest.mark.long
@pytest.mark.parametrize(
    ("path", "titles"),
    [
        ("digits", {"What the last hidden layer sees", "Weights", "Mistakes", "Accuracy", "Measures"}),
        (
            "tabular",
            {"Measures", "Loss", "Compared with simple models", "Effect of each column", "Which columns matter"},
        ),
    ],
)
def test_pages_without_a_plane_are_taken_away_alike(
    open_stage: OpenStage, tmp_path: Path, path: str, titles: set[str]
) -> None:
    stage = open_stage(path)
    stage.play_and_pause(1)
    svg = ElementTree.parse(make(part(stage, "Picture"), "picture", tmp_path / "a.svg", Format="SVG")).getroot()
    assert titles <= {node.text for node in svg.iter(f"{SVG}text")}
    assert "Draw" not in {node.text for node in svg.iter(f"{SVG}text")}  # what is there to be touched


def test_a_form_that_was_opened_before_the_run_began_sees_it_begin(open_stage: OpenStage) -> None:
    stage = open_stage("?dataset=moons&n_samples=100&hidden_sizes=3")
    dialog, button = video_before_training(stage)
    stage.page.evaluate(
        "document.querySelector('button[aria-label=Play]').click()"
    )  # as the keyboard's, or a page around
    expect(button).to_be_enabled()
    expect(dialog.get_by_text("Train a little first")).to_be_hidden()
    assert float(dialog.get_by_label("To epoch").input_value()) > 0

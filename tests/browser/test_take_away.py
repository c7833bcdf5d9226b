"""What leaves the page as a file: a notebook that comes to what was on screen, and the network."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Locator, expect

from tests.browser.stage import Stage
from tests.browser.test_accessibility import PHONE, findings
from tests.experiment.export.executed import executed, needed

OpenStage = Callable[..., Stage]


def part(stage: Stage, name: str) -> Locator:
    """Open the dialog at one of its parts."""
    stage.page.get_by_role("button", name="Take away", exact=True).click()
    dialog = stage.page.get_by_role("dialog")
    dialog.get_by_role("radio", name=name, exact=True).click()
    return dialog


def saved(stage: Stage, button: str, folder: Path) -> Path:
    """Press a button that saves a file, and return the file."""
    with stage.page.expect_download() as download:
        stage.page.get_by_role("dialog").get_by_role("button", name=button).click()
    file = folder / download.value.suggested_filename
    download.value.save_as(file)
    return file


def test_a_notebook_and_the_network_are_what_was_on_screen(open_stage: OpenStage, tmp_path: Path) -> None:
    stage = open_stage("?dataset=moons&n_samples=100&hidden_sizes=3")
    page = stage.page
    stage.step_epoch()
    page.get_by_role("combobox", name="Optimiser").click()
    page.get_by_role("option", name="Adam").click()
    page.wait_for_url("**optimizer=adam**")
    stage.step_epoch()
    shown = [float(loss) for loss in stage.losses]
    dialog = part(stage, "Notebook")
    expect(dialog.get_by_role("radio", name="NumPy")).to_be_checked()
    notebook = saved(stage, "Save the notebook up to epoch 2", tmp_path)
    assert notebook.name == "nnplay-moons-2.numpy.ipynb"
    space = executed(notebook.read_text(encoding="utf-8"))
    found = [space["found"][name] for name in ("training loss", "test loss")]
    assert found == pytest.approx(shown, rel=1e-3)  # as the screen writes them
    assert "n_updates" in space  # Adam came on the way

    dialog.get_by_role("radio", name="Model", exact=True).click()
    file = saved(stage, "Save the network at epoch 2", tmp_path)
    expect(dialog.get_by_text(f'onnxruntime.InferenceSession("{file.name}")')).to_be_visible()
    session = needed("onnxruntime").InferenceSession(file.read_bytes())
    (outputs,) = session.run(None, {"X": space["X_test"].astype(np.float32)})
    np.testing.assert_allclose(outputs, space["predict"](space["X_test"]), rtol=1e-4, atol=1e-5)


def test_on_a_phone_every_part_fits_and_axe_finds_nothing_serious(open_stage: OpenStage) -> None:
    stage = open_stage("?dataset=moons", **PHONE)
    dialog = part(stage, "Notebook")
    for name, ready in (("Notebook", "Save the notebook"), ("Model", "Save the network"), ("Run", "Save the run")):
        dialog.get_by_role("radio", name=name, exact=True).click()
        expect(dialog.get_by_role("button", name=ready)).to_be_visible()
        assert stage.page.evaluate("document.documentElement.scrollWidth") <= 390
        assert findings(stage.page, "light") == []

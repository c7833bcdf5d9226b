"""How long videos and pictures of the playground take to make, in the browser, and what ffprobe reads in them.

    python benchmarks/take_away/videos.py              # about a minute and a half
    python benchmarks/take_away/videos.py --seconds 5  # shorter videos
    python benchmarks/take_away/videos.py --size 1920x1080

The default network is trained for 300 epochs, and rests. Told is the time from the click to the file, with all that has
to be loaded; a video is to be made in less time than it lasts. ``ffprobe`` is in Debian's package ``ffmpeg``.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from playwright.sync_api import Locator, Page

from benchmarks.stage import READY, launch
from tests.browser.conftest import start_server

EPOCHS = 300
READ = ["ffprobe", "-v", "error", "-count_frames", "-of", "csv=p=0", "-show_entries"]
FIELDS = "stream=codec_name,width,height,duration,nb_read_frames"


def read(file: Path) -> str:
    """Return what ffprobe reads in a file, or how large an SVG is."""
    if file.suffix == ".svg":
        return f"{file.read_text().count('<path'):,} paths"
    return subprocess.run([*READ, FIELDS, str(file)], check=True, capture_output=True, text=True).stdout.strip()


def make(page: Page, dialog: Locator, part: str, file: Path, fields: dict[str, str]) -> float:
    """Let the dialog make a file, save it, and return how long it took, in s."""
    dialog.get_by_role("radio", name=part, exact=True).click()
    button = dialog.get_by_role("button", name=f"Make the {part.lower()}")
    button.wait_for()
    for label, value in fields.items():
        control = dialog.get_by_label(label, exact=True)
        if control.evaluate("control => control.tagName") == "SELECT":
            control.select_option(label=value)
        else:
            control.fill(value)
    start = time.perf_counter()
    button.click()
    save = dialog.get_by_role("link", name=file.suffix)
    save.wait_for(timeout=300_000)
    seconds = time.perf_counter() - start
    with page.expect_download() as download:
        save.click()
    download.value.save_as(file)
    return seconds


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description="How long videos and pictures take to make.")
    parser.add_argument("--seconds", type=int, default=10)
    parser.add_argument("--size", help="of the videos, instead of the usual one, as in 1280x720")
    options = parser.parse_args()
    width, _, height = (options.size or "").partition("x")
    size = {"Width in pixels": width, "Height in pixels": height} if options.size else {}
    length = {"Length in seconds": str(options.seconds)}
    rows: list[tuple[str, str, str, dict[str, str]]] = [
        ("MP4, whole stage", "Video", "mp4", {"Format": "MP4"} | length | size),
        ("GIF, whole stage", "Video", "gif", {"Format": "GIF"} | length | size),
        ("MP4, the boundary", "Video", "mp4", {"Format": "MP4", "What": "Decision boundary"} | length | size),
        ("PNG, whole stage", "Picture", "png", {"Format": "PNG"}),
        ("SVG, whole stage", "Picture", "svg", {"Format": "SVG"}),
    ]
    with launch() as browser, tempfile.TemporaryDirectory() as directory:
        folder = Path(directory)
        process, address = start_server(folder / "log")
        try:
            page = browser.new_page(viewport={"width": 1366, "height": 768})
            page.goto(address)
            page.wait_for_selector(READY, timeout=60_000)
            page.get_by_role("button", name="Play", exact=True).click()
            epoch = "+document.querySelector('[data-testid=stage]').dataset.epoch"
            page.wait_for_function(f"{epoch} >= {EPOCHS}", timeout=120_000)
            page.get_by_role("button", name="Pause", exact=True).click()
            page.get_by_role("button", name="Take away").click()
            dialog = page.get_by_role("dialog", name="Take away")
            print(f"{options.seconds} s of {EPOCHS} epochs\n\n{'':<20}{'made in':>10}{'MB':>8}  ffprobe reads")
            for name, part, suffix, fields in rows:
                file = folder / f"made.{suffix}"
                seconds = make(page, dialog, part, file, fields)
                print(f"{name:<20}{seconds:>8.1f} s{file.stat().st_size / 1e6:>8.2f}  {read(file)}", flush=True)
        finally:
            process.terminate()
            process.wait(10)


if __name__ == "__main__":
    main()

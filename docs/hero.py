"""Make the README's picture from the running app: ``.venv/bin/python docs/hero.py``.

Starts the app, presses Play in Chromium, takes a screenshot every few frames shown, and writes an animated WebP.
"""

from __future__ import annotations

import io
import os
import shutil
import sys
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.browser.conftest import CHROMIUM_FLAGS, start_server  # noqa: E402
from tests.browser.stage import Stage  # noqa: E402

N_PICTURES = 44
FRAMES_APART = 4
WIDTH = 960
MILLISECONDS = 110


def main() -> None:
    """Write docs/hero.webp."""
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium")
    process, address = start_server(Path(tempfile.mkdtemp()) / "log")
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_FLAGS)
            stage = Stage(browser.new_page(viewport={"width": 1366, "height": 768}))
            stage.page.goto(address)
            stage.wait_until_ready()
            stage.page.wait_for_timeout(1500)
            stage.play_and_pause(N_PICTURES * FRAMES_APART)
            pictures = []
            for k in range(N_PICTURES):
                stage.scrub_to(k * FRAMES_APART)
                stage.page.wait_for_timeout(120)
                pictures.append(Image.open(io.BytesIO(stage.page.screenshot())).convert("RGB"))
            browser.close()
    finally:
        process.terminate()
        process.wait(10)
    height = round(WIDTH * pictures[0].height / pictures[0].width)
    small = [picture.resize((WIDTH, height), Image.Resampling.LANCZOS) for picture in pictures]
    durations = [MILLISECONDS] * (len(small) - 1) + [2500]
    target = ROOT / "docs" / "hero.webp"
    small[0].save(target, save_all=True, append_images=small[1:], duration=durations, loop=0, quality=70, method=4)
    print(f"{target}: {len(small)} pictures, {target.stat().st_size / 1024:.0f} KiB")


if __name__ == "__main__":
    main()

"""Handwritten digits: how fast MNIST is learned, how well, and how soon the pad answers while it is.

    NNPLAY_DATA_DIR=… python benchmarks/digits.py            # about four minutes
    NNPLAY_DATA_DIR=… python benchmarks/digits.py --quick    # fewer epochs and trials: one minute, rougher
    … --only training pad browser                            # some of the three parts

The network is that of an article: 784-100-10 sigmoids, the quadratic cost, batches of 10, a learning rate of 3, Xavier
weights, float32. All use one BLAS thread.

- training: one epoch over the 60 000 images by nnplay and by scikit-learn's ``MLPClassifier`` (solver "sgd", batches of
  10, no momentum, no penalty; its cost is the cross-entropy, it has no quadratic one), taking turns; time on the clock,
  median of the rounds, the ratio that of the ratios within the rounds. Then 30 epochs of nnplay, nothing measured in
  between, and the accuracy on the 10 000 test images.
- pad: 1000 test images, and of these the first 30, through the pad's own JavaScript, in node, with the network trained
  before (or for 3 epochs): ink, normalisation, answer. As images, as *Test digit* puts them on the pad, and as
  strokes: dabs of the pen wherever the image has ink.
- browser: the app in headless Chromium, 1366×768, MNIST on the digits page. Drawing → probabilities: from a place
  drawn, as the panel notes it, until the first answer that knows of it is on the page; strokes of 1.5 s, a place at
  each display tick, at rest and while the run plays. Frames shown: values that ``data-frame`` took while it plays, by
  time, without and with a hand that draws. Age of the network that answers: at each display tick of those strokes, the
  time since the frame that it is of was last on screen; 0 while it still is. Pause: from the click to the last change
  of ``data-frame``. New learning rate: from the key pressed on the slider, which one has come to 0.4 s before, to the
  first frame trained with it.
"""

import os

os.environ.update(OPENBLAS_NUM_THREADS="1", OMP_NUM_THREADS="1", MKL_NUM_THREADS="1")

import argparse
import math
import platform
import shutil
import sys
import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path
from statistics import median, quantiles
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import nnplay as nn
from nnplay.datasets.stored import files as stored_files
from nnplay.datasets.stored import sets
from nnplay.experiment.config.presets import SIGMOIDS
from tests.server.pad_in_node import PadInNode, pad_in_node

if TYPE_CHECKING:
    from playwright.sync_api import Page

EPOCHS, N_DIGITS, INK_SIDE = 30, 30, 112
STROKE_SECONDS = 1.5
CONFIG = replace(SIGMOIDS.config, max_epochs=0)


def row(what: str, *figures: str) -> None:
    print(f"{what:<52}" + "".join(f"{figure:>22}" for figure in figures), flush=True)


# -- training ----------------------------------------------------------------------------------------------------------


def sklearn_network(X: np.ndarray, y: np.ndarray) -> Callable[[], Any]:
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.neural_network import MLPClassifier

    warnings.simplefilter("ignore", ConvergenceWarning)  # one epoch is what is asked for
    model = MLPClassifier(
        (100,), activation="logistic", solver="sgd", learning_rate_init=0.1, momentum=0.0, nesterovs_momentum=False,
        batch_size=10, alpha=0.0, max_iter=1, warm_start=True, random_state=0,
    )  # fmt: skip
    return lambda: model.fit(X, y)


def seconds(train: Callable[[], Any]) -> float:
    start = time.perf_counter()
    train()
    return time.perf_counter() - start


def measure_training(rounds: int, epochs: int) -> nn.Network:
    """Print the times; return the trained network."""
    train, test = sets.split("mnist")
    rivals = {"nnplay": new_session().run, "scikit-learn": sklearn_network(train.X, train.y)}
    times: dict[str, list[float]] = {name: [] for name in rivals}
    for _ in range(rounds):
        for name, one in rivals.items():
            times[name].append(seconds(one))
    ratio = median(b / a for a, b in zip(times["nnplay"], times["scikit-learn"], strict=True))
    row(f"one epoch of MNIST, {rounds} rounds", *(f"{name} {median(times[name]):.2f} s" for name in rivals))
    row("  scikit-learn / nnplay (≥ 3)", f"{ratio:.2f}")
    session = new_session()
    start, cpu = time.perf_counter(), time.process_time()
    session.run(epochs)
    row(
        f"{epochs} epochs (30 in ≤ 15 s)",
        f"{time.perf_counter() - start:.1f} s",
        f"{time.process_time() - cpu:.1f} s of CPU",
    )
    row("  test accuracy (≥ 97.5 % after 30)", f"{100 * session.score(test):.2f} %")
    return session.network


def new_session() -> nn.TrainingSession:
    return CONFIG.build(evaluate_every=0)


# -- the pad's path ----------------------------------------------------------------------------------------------------


def as_image(pixels: np.ndarray) -> np.ndarray:
    """Return the ink of a test image on the pad, in 0…255."""
    zoom = INK_SIDE // len(pixels)
    return np.rint(255 * np.kron(pixels, np.ones((zoom, zoom))))


def as_strokes(pixels: np.ndarray, pen: float = 0.075) -> np.ndarray:
    """Return the ink of the pad's pen, put down wherever the image is darker than half."""
    centres = (np.argwhere(pixels > 0.5) + 0.5) * (INK_SIDE / len(pixels))
    squares = (np.arange(INK_SIDE) + 0.5 - centres.T.astype(np.float32)[..., None]) ** 2  # (2, dabs, side)
    distance = np.sqrt((squares[0, :, :, None] + squares[1, :, None, :]).min(axis=0))
    return np.rint(255 * np.clip(pen * INK_SIDE / 2 + 0.5 - distance, 0, 1))


def measure_pad(network: nn.Network) -> None:
    """Print how many test digits are read rightly."""
    test = sets.split("mnist")[1]
    with pad_in_node(shutil.which("node") or "node") as pad:
        rights = {
            name: pad_reads(pad, network, [to_pad(image) for image in test.X[:1000].reshape(-1, 28, 28)], test.y[:1000])
            for name, to_pad in (("images", as_image), ("strokes", as_strokes))
        }
    for name, right in rights.items():
        row(f"pad: test digits read rightly, as {name} (≥ 28)", f"{right[:N_DIGITS].sum()} of {N_DIGITS}")
    row("  of the first 1000, as images and as strokes", *(f"{100 * right.mean():.1f} %" for right in rights.values()))


def pad_reads(pad: PadInNode, network: nn.Network, pads: list[np.ndarray], labels: np.ndarray) -> np.ndarray:
    """Return which of `pads` are read rightly."""
    return pad.read(network, pads) == labels


# -- the browser -------------------------------------------------------------------------------------------------------

PROBE = """() => {
  const pad = document.querySelector('[data-testid=panel-pad]');
  const stage = document.querySelector('[data-testid=stage]');
  const probe = { drawn: [], answered: [], frames: [], ages: [], rates: [], clicked: 0, pressed: 0, stage };
  const shown = new Map();
  const look = () => {
    const now = performance.now();
    shown.set(stage.dataset.frame, now);
    if (pad.dataset.frame) probe.ages.push(now - (shown.get(pad.dataset.frame) ?? NaN));
    requestAnimationFrame(look);
  };
  look();
  const watch = (node, name, note) => new MutationObserver((records) => {
    const value = node.getAttribute(name);
    if (records.some((record) => record.oldValue !== value)) note(performance.now(), value);
  }).observe(node, { attributes: true, attributeOldValue: true, attributeFilter: [name] });
  watch(pad, 'data-drawn', (now, version) => probe.drawn.push([now, +version]));
  watch(pad, 'data-answered', (now, version) => probe.answered.push([now, +version]));
  watch(stage, 'data-frame', (now) => probe.frames.push(now));
  watch(stage, 'data-learning-rate', (now) => probe.rates.push(now));
  document.addEventListener('click', (event) => { probe.clicked = event.timeStamp; }, true);
  document.addEventListener('keydown', (event) => { probe.pressed = event.timeStamp; }, true);
  window.nnProbe = probe;
}"""
FORGET = "() => { for (const name of ['drawn', 'answered', 'frames', 'ages', 'rates']) nnProbe[name].length = 0; }"
ALL_ANSWERED = """() => {
  const { drawn, answered } = document.querySelector('[data-testid=panel-pad]').dataset;
  return drawn === answered;
}"""
#: Draws a spiral, a place at each display tick, by the events that a mouse makes.
STROKE = """(seconds) => new Promise((done) => {
  const canvas = document.querySelector('[data-testid=easel]');
  const box = canvas.getBoundingClientRect();
  const fire = (type, x, y) => canvas.dispatchEvent(new PointerEvent(type, { bubbles: true, isPrimary: true, button: 0,
    pointerId: 1, pointerType: 'mouse', clientX: box.left + x * box.width, clientY: box.top + y * box.height }));
  canvas.setPointerCapture = () => {};
  const start = performance.now();
  fire('pointerdown', 0.5, 0.5);
  const step = (now) => {
    const t = (now - start) / 1000;
    fire('pointermove', 0.5 + 0.35 * Math.sin(3 * t) * t / seconds, 0.5 + 0.35 * Math.cos(3 * t) * t / seconds);
    if (t < seconds) requestAnimationFrame(step);
    else { fire('pointerup', 0.5, 0.5); done(); }
  };
  requestAnimationFrame(step);
})"""


def p50_and_p95(times: list[float]) -> tuple[str, str]:
    return f"p50 {median(times):.0f} ms", f"p95 {quantiles(times, n=20)[-1]:.0f} ms"


@dataclass
class Strokes:
    """What was seen while somebody drew.

    Attributes
    ----------
    delays : list of float
        For each place, ms until an answer knew of it.
    ages : list of float
        For each display tick, ms since the frame of the network that answers was on screen.
    frames_per_second : float
        Shown by the stage.
    """

    delays: list[float]
    ages: list[float]
    frames_per_second: float


def draw(page: "Page", strokes: int) -> Strokes:
    delays, ages, n_frames = [], [], 0
    for _ in range(strokes):
        page.get_by_test_id("panel-pad").get_by_role("button", name="Clear").dispatch_event("click")
        page.mouse.move(1, 1)
        page.get_by_test_id("easel").hover()
        page.wait_for_timeout(500)
        page.evaluate(FORGET)
        page.evaluate(STROKE, STROKE_SECONDS)
        seen = page.evaluate("() => ({ ages: nnProbe.ages.slice(), frames: nnProbe.frames.length })")
        page.wait_for_function(ALL_ANSWERED)
        page.wait_for_timeout(200)
        drawn, answered = page.evaluate("() => [nnProbe.drawn.slice(), nnProbe.answered.slice()]")
        for at, place in drawn:
            known = next((when for when, upto in answered if upto >= place and when >= at), math.nan)
            delays.append(known - at)
        ages += [age for age in seen["ages"] if age is not None and not math.isnan(age)]
        n_frames += seen["frames"]
    if any(math.isnan(delay) for delay in delays):
        raise RuntimeError(f"{sum(map(math.isnan, delays))} of {len(delays)} places were never answered")
    return Strokes(delays, ages, n_frames / (strokes * STROKE_SECONDS))


def frames_per_second(page: "Page", seconds: float) -> float:
    page.evaluate(FORGET)
    page.wait_for_timeout(1000 * seconds)
    return page.evaluate("() => nnProbe.frames.length") / seconds


def measure_browser(strokes: int, trials: int) -> None:
    """Print how soon the pad answers, at rest and while MNIST is learned, and how soon one is obeyed meanwhile."""
    from playwright.sync_api import expect, sync_playwright

    from benchmarks.stage import serve
    from tests.browser.conftest import CHROMIUM_FLAGS
    from tests.browser.stage import Stage

    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    with sync_playwright() as playwright, serve() as (_, address):
        browser = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_FLAGS)
        page = browser.new_page(viewport={"width": 1366, "height": 768})
        page.goto(f"{address}/digits?{urlencode(CONFIG.to_query())}")
        stage = Stage(page)
        expect(stage.root).to_have_attribute("data-ready", "true", timeout=60_000)
        page.wait_for_timeout(1500)
        page.evaluate(PROBE)
        draw(page, 1)
        row("drawing → probabilities, at rest (≤ 60 ms)", *p50_and_p95(draw(page, strokes).delays))
        stage.press("Play")
        page.wait_for_timeout(3000)
        alone = frames_per_second(page, strokes * STROKE_SECONDS)
        drawing = draw(page, strokes)
        row("  while MNIST is learned (≤ 60 ms)", *p50_and_p95(drawing.delays))
        row("  frames shown / s meanwhile", f"{drawing.frames_per_second:.1f}", f"nobody draws {alone:.1f}")
        row("  age of the network that answers", *p50_and_p95(drawing.ages))
        pauses, rates = [], []
        for trial in range(trials):
            if stage.attribute("playing") != "true":
                stage.press("Play")
            page.wait_for_timeout(1500 + 37 * trial)
            page.get_by_role("slider", name="Learning rate Learning rate", exact=True).focus()
            page.wait_for_timeout(400)
            page.evaluate(FORGET)
            stage.nudge("Learning rate", "ArrowLeft" if trial % 2 else "ArrowRight")
            page.wait_for_timeout(1500)
            rates.append(page.evaluate("() => nnProbe.rates.length ? nnProbe.rates[0] - nnProbe.pressed : NaN"))
            page.evaluate(FORGET)
            stage.press("Pause")
            page.wait_for_timeout(500)
            pauses.append(page.evaluate("() => Math.max(0, (nnProbe.frames.at(-1) ?? 0) - nnProbe.clicked)"))
        row("pause while MNIST is learned (≤ 200 ms)", f"median {median(pauses):.0f} ms", f"worst {max(pauses):.0f} ms")
        row("new learning rate meanwhile (≤ 200 ms)", f"median {median(rates):.0f} ms", f"worst {max(rates):.0f} ms")
        row("  reached meanwhile", f"epoch {stage.attribute('epoch')}")
        browser.close()


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Learning MNIST, and the pad.")
    parser.add_argument("--quick", action="store_true", help="fewer epochs and trials")
    parser.add_argument("--only", nargs="*", choices=("training", "pad", "browser"), help="some parts")
    options = parser.parse_args()
    parts = options.only or ["training", "pad", "browser"]
    if not stored_files.path_of("mnist"):
        print(f"Left out: mnist.npz must be in the folder that {stored_files.DIRECTORY_VARIABLE} names.")
        return
    print(f"Python {platform.python_version()}, NumPy {version('numpy')}, scikit-learn {version('scikit-learn')}")
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}\n")
    network = None
    if "training" in parts:
        network = measure_training(*((1, 3) if options.quick else (3, EPOCHS)))
    if "pad" in parts:
        measure_pad(network or new_session().run(3).network)
    if "browser" in parts:
        measure_browser(*((2, 3) if options.quick else (6, 9)))


if __name__ == "__main__":
    main()

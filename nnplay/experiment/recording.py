"""A run told in frames: training goes on frame by frame, and can go back to any frame that is kept.

A frame is a moment worth showing. Beside each, a snapshot is kept, so that training can go on from there with other
settings; as a run gets long, the older ones are thinned out.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from nnplay.experiment.config import ExperimentConfig
from nnplay.experiment.divergence import Divergence, largest_parameter
from nnplay.experiment.frames import Frame, to_bytes_of_range
from nnplay.experiment.history import History
from nnplay.experiment.moment import Moment
from nnplay.experiment.parts import SHOWN_AT_FIRST, arrays_of
from nnplay.experiment.session import Snapshot
from nnplay.experiment.surface import Surface, View, square_around

#: What the kept snapshots of one run may take.
SNAPSHOT_BYTES = 16 << 20
#: What a snapshot takes besides its vectors: random states and records.
SNAPSHOT_OVERHEAD = 4096
#: A loss that no longer means anything and will soon not even be a number.
HOPELESS_LOSS = 1e9
#: CPU time after which a frame that asks for more epochs is shown as it is.
FRAME_SECONDS = 0.04
#: CPU time after which training looks at the clock.
SLICE_SECONDS = 0.005

Unit = Literal["step", "epoch"]


@dataclass(frozen=True)
class KeptFrame:
    """What a frame is drawn from again, and training continued from."""

    snapshot: Snapshot
    step_in_epoch: int
    measures: tuple[float, float, float, float, float]


@dataclass(frozen=True)
class Stop:
    """Why training can't go on past the last frame, and what to try: two sentences."""

    frame: int
    epoch: int
    message: str
    advice: str


class Recording:
    """The run of `config`, from frame 0, the untrained network.

    Attributes
    ----------
    config : ExperimentConfig
        With the live settings as they are now.
    session : TrainingSession
        Stands at `last_frame`.
    last_frame : int
        The newest frame.
    history : History
        Columns ``frame``, ``epoch`` (a fraction inside an epoch), ``train_loss``, ``test_loss``.
    stopped : Stop or None
    """

    def __init__(self, config: ExperimentConfig) -> None:
        self.config = config
        self.session = config.build(evaluate_every=0)
        train, test = self.session.train, self.session.test
        parts = [train] if test is None else [train, test]
        self.inputs = np.concatenate([part.X for part in parts])
        self.targets = np.concatenate([part.y for part in parts])
        self.is_test = np.arange(len(self.inputs)) >= train.n_samples
        self.class_names = train.class_names
        self.domain = square_around(self.inputs)
        self.surface_range = self._output_range()
        self._surface = Surface(self.session.network, self.inputs, self.domain)
        self.view = View(layer=max(0, len(config.hidden_sizes) - 1), shows=SHOWN_AT_FIRST)
        self.view_id = 0
        self._memory: dict[str, Any] = {}

        self.last_frame = 0
        self.stopped: Stop | None = None
        self.history = History(("frame", "epoch", "train_loss", "test_loss"), capacity=4000)
        self._seconds_per_step = 1e-4
        self._kept: dict[int, KeptFrame] = {}
        n_vectors = 1 + len(self.session.optimizer.state_names)
        per_snapshot = self.session.network.parameters.nbytes * n_vectors + SNAPSHOT_OVERHEAD
        self._max_kept = max(64, SNAPSHOT_BYTES // per_snapshot)
        self._keep(self._measures())

    # -- forward ---------------------------------------------------------------------------------------------------

    def advance(self, after: int, unit: Unit, amount: int, n_frames: int, cpu_seconds: float) -> list[Frame]:
        """Train on from frame `after` and return the frames that follow it; later ones are forgotten.

        Parameters
        ----------
        after : int
            A kept frame.
        unit : {"step", "epoch"}
        amount : int
            Mini-batches, or epochs, for each frame. A frame ends early, at the end of an epoch if it can, when time is
            up.
        n_frames : int
        cpu_seconds : float
            CPU time of this thread after which no further frame is begun.

        Raises
        ------
        LookupError
            If `after` is not kept.
        """
        if after != self.last_frame:
            self.rewind(after)
        deadline = time.thread_time() + cpu_seconds
        frames: list[Frame] = []
        while len(frames) < n_frames and not self.stopped and (not frames or time.thread_time() < deadline):
            self._train(unit, amount, min(deadline, time.thread_time() + FRAME_SECONDS))
            measures = self._measures()
            if self.session.divergence or not measures[0] < HOPELESS_LOSS:
                self._stop(self.session.divergence)
                break
            self.last_frame += 1
            self._keep(measures)
            frames.append(self.frame(self.last_frame))
        return frames

    def _train(self, unit: Unit, amount: int, deadline: float) -> None:
        session = self.session
        per_epoch = session.steps_per_epoch
        left = amount if unit == "step" else amount * per_epoch - session.step_in_epoch
        while left > 0 and not session.divergence:
            fitting = max(1, int(SLICE_SECONDS / self._seconds_per_step))
            to_epoch_end = per_epoch - session.step_in_epoch
            if fitting > to_epoch_end:  # then in whole epochs, so that a frame cut short ends with one
                fitting = to_epoch_end + (fitting - to_epoch_end) // per_epoch * per_epoch
            n_steps = min(left, fitting)
            before = time.thread_time()
            session.advance(n_steps)
            after = time.thread_time()
            self._seconds_per_step += 0.5 * ((after - before) / n_steps - self._seconds_per_step)
            self._seconds_per_step = max(self._seconds_per_step, 1e-6)
            left -= n_steps
            if after > deadline:
                break

    def _measures(self) -> tuple[float, float, float, float, float]:
        return *self.session.measure(), self.session.learning_rate

    def _stop(self, divergence: Divergence | None) -> None:
        """Go back to the last good frame and say what happened."""
        if divergence:
            epoch, what = divergence.epoch, f"{divergence.what} is no longer a finite number"
        else:
            layer, size = largest_parameter(self.session.network)
            epoch = self.session.epoch
            what = f"the loss has grown beyond {HOPELESS_LOSS:.0e}, the parameters of {layer} to {size:.2g}"
        config = self.config
        advice = f"The steps are too large: try a learning rate of {config.learning_rate / 10:.2g} or less"
        if config.optimizer.startswith("sgd") and config.momentum >= 0.95:
            advice += f", a momentum below {config.momentum:g}"
        if any(high is None for _, high in (a.bounds for a in self.session.network.activations)):
            advice += ", or a bounded activation such as tanh"
        self.rewind(self.last_frame)
        self.stopped = Stop(
            self.last_frame,
            epoch,
            f"Training stopped in epoch {epoch}: {what}.",
            f"{advice}.",
        )

    # -- back ------------------------------------------------------------------------------------------------------

    def rewind(self, number: int) -> None:
        """Return to kept frame `number`, with the settings as they are now, and forget the frames after it.

        Raises
        ------
        LookupError
            If that frame is not kept.
        """
        kept = self._kept.get(number)
        if kept is None:
            raise LookupError(f"frame {number} is not kept; the nearest one is {self.nearest_kept(number)}.")
        self.session.restore(kept.snapshot)
        self.config.apply_live(self.session)
        self.last_frame = number
        self._kept = {n: kept for n, kept in self._kept.items() if n <= number}
        self.history.truncate_after(number)
        self.stopped = None

    def apply(self, config: ExperimentConfig) -> None:
        """Use the live settings of `config`, which must define the same run, from the next step on."""
        if not self.config.same_run(config):
            raise ValueError("config must differ from the recorded one in live settings only; got another run.")
        self.config = config
        config.apply_live(self.session)
        self.stopped = None

    def look(self, view: View) -> None:
        """Draw the hidden arrays of frames, and their optional parts, with `view` from now on."""
        self.view = view
        self.view_id += 1

    # -- frames ----------------------------------------------------------------------------------------------------

    @property
    def grid_shape(self) -> tuple[int, ...]:
        """Shape of the warped grid: 2 directions, the lines in each, the points along a line."""
        return self._surface.grid_shape

    def nearest_kept(self, number: int) -> int:
        """Return the number of the kept frame nearest to `number`."""
        return min(self._kept, key=lambda kept: abs(kept - number))

    def frame(self, number: int) -> Frame:
        """Draw kept frame `number` with the present view."""
        kept = self._kept[number]
        outputs = self._surface.evaluate(kept.snapshot.parameters)
        hidden = self._surface.hidden_space(self.view)
        moment = Moment(number, kept.snapshot, self._surface, self.session, self._memory)
        return Frame(
            number=number,
            epoch=kept.snapshot.epoch,
            step_in_epoch=kept.step_in_epoch,
            n_steps=kept.snapshot.n_steps,
            measures=kept.measures,
            view_id=self.view_id,
            surface=to_bytes_of_range(self._planes(outputs), *self.surface_range),
            hidden_points=hidden.points,
            hidden_grid=hidden.grid,
            hidden_line=hidden.line,
            parts=arrays_of(self.view.shows, moment),
        )

    def _keep(self, measures: tuple[float, float, float, float, float]) -> None:
        session = self.session
        self._kept[self.last_frame] = KeptFrame(session.snapshot(), session.step_in_epoch, measures)
        epoch = session.epoch + session.step_in_epoch / session.steps_per_epoch
        self.history.append(self.last_frame, epoch, measures[0], measures[1])
        if len(self._kept) > self._max_kept:
            # Every second one of the older half goes; frame 0 stays, and the recent ones, most likely gone back to.
            numbers = sorted(self._kept)
            for number in numbers[1 : len(numbers) // 2 : 2]:
                del self._kept[number]

    def _planes(self, outputs: np.ndarray) -> np.ndarray:
        """Return a plane for each class; for two classes (the second one's probability) and regression, one."""
        return outputs[1:] if len(self.class_names) == 2 and len(outputs) == 2 else outputs

    def _output_range(self) -> tuple[float, float]:
        if self.class_names:
            return 0.0, 1.0
        largest = float(np.abs(self.targets).max()) or 1.0
        unit = 10.0 ** (np.floor(np.log10(largest)) - 1)
        high = round(float(np.ceil(largest / unit) * unit), 9)
        return -high, high

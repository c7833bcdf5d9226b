"""A moment of a run, drawn as the frame that travels to the browser."""

from __future__ import annotations

from nnplay.experiment.frames.frame import Frame, to_bytes_of_range
from nnplay.experiment.frames.frame_context import Moment
from nnplay.experiment.frames.hidden_space import View
from nnplay.experiment.frames.surface import shown_planes
from nnplay.experiment.recording.parts import arrays_of


def draw(moment: Moment, view: View, view_id: int) -> Frame:
    """Return the frame of `moment`, its hidden arrays and optional parts as `view` asks for them."""
    kept, surface = moment.kept[moment.frame], moment.surface
    outputs = surface.evaluate(kept.snapshot.parameters)
    return Frame(
        number=moment.frame,
        epoch=kept.snapshot.epoch,
        step_in_epoch=kept.step_in_epoch,
        n_steps=kept.snapshot.n_steps,
        measures=kept.measures,
        view_id=view_id,
        in_passing=moment.in_passing,
        surface=to_bytes_of_range(shown_planes(outputs, moment.train.class_names), *moment.output_range),
        hidden=surface.hidden_space(view),
        parts=arrays_of(view.shows, moment),
    )

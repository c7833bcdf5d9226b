"""A moment of a run, drawn as the frame that travels to the browser."""

from __future__ import annotations

from nnplay.experiment.frames.frame import Frame, to_bytes_of_range
from nnplay.experiment.frames.frame_context import FrameContext
from nnplay.experiment.frames.hidden_space import View
from nnplay.experiment.frames.surface import shown_planes
from nnplay.experiment.recording.parts import arrays_of


def draw(context: FrameContext, view: View, view_id: int) -> Frame:
    """Return the frame of `context`, its hidden arrays and optional parts as `view` asks for them."""
    kept, surface = context.kept[context.frame], context.surface
    outputs = surface.evaluate(kept.snapshot.parameters)
    return Frame(
        number=context.frame,
        epoch=kept.snapshot.epoch,
        step_in_epoch=kept.step_in_epoch,
        n_steps=kept.snapshot.n_steps,
        measures=kept.measures,
        view_id=view_id,
        in_passing=context.in_passing,
        surface=to_bytes_of_range(shown_planes(outputs, context.train.class_names), *context.output_range),
        hidden=surface.hidden_space(view),
        parts=arrays_of(view.shows, context),
    )

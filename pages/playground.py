"""The playground: choose the data and the network, press Play, watch."""

from nnplay.ui import shell

shell.begin(__file__)

from nnplay.ui import stage_page  # noqa: E402
from nnplay.ui.compare import handover  # noqa: E402
from nnplay.ui.dialogs import open_points  # noqa: E402
from nnplay.ui.form import controls  # noqa: E402
from nnplay.ui.steps import way_in  # noqa: E402


def draw_sidebar() -> None:
    """Draw what the run is, and what can be done with it."""
    controls.draw_sidebar(open_points.draw_buttons)
    handover.draw_button()


dialog = stage_page.show(controls.FIELDS, draw_sidebar)
open_points.open_if_asked(dialog)
handover.go_if_asked(dialog)
way_in.go_if_asked(dialog)
stage_page.end()

"""The playground: choose the data and the network, press Play, watch."""

from nnplay.ui import shell

shell.begin(__file__)

from nnplay.ui import stage_page  # noqa: E402
from nnplay.ui.dialogs import open_points  # noqa: E402
from nnplay.ui.form import controls  # noqa: E402

dialog = stage_page.show(controls.FIELDS, lambda: controls.draw_sidebar(open_points.draw_buttons))
open_points.open_if_asked(dialog)
stage_page.end()

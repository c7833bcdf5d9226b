"""The playground: choose the data and the network, press Play, watch."""

from nnplay.ui import shell

shell.begin(__file__)

from nnplay.ui import controls, own_data, stage_page  # noqa: E402

dialog = stage_page.show(controls.SET, lambda: controls.draw_sidebar(own_data.draw_buttons))
own_data.open_if_asked(dialog)
stage_page.end()

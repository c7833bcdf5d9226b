"""Handwritten digits: a network learns to read, and shows what it makes of them."""

from nnplay.ui import shell

shell.begin(__file__)

from nnplay.ui import pad, stage_page  # noqa: E402
from nnplay.ui.form import digits_sidebar  # noqa: E402

stage_page.show(digits_sidebar.FIELDS, digits_sidebar.draw_sidebar)
pad.connect(digits_sidebar.FIELDS.read)
stage_page.end()

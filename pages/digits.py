"""Handwritten digits: a network learns to read, and shows what it makes of them."""

from nnplay.ui import shell

shell.begin(__file__)

from nnplay.ui import digits, pad, stage_page  # noqa: E402

stage_page.show(digits.FIELDS, digits.draw_sidebar)
pad.connect(digits.FIELDS.read)
stage_page.end()

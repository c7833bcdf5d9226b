"""Step by step: every number of one step of training."""

from nnplay.ui import shell

shell.begin(__file__)

from nnplay.ui.steps import page  # noqa: E402

page.show()

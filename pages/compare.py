"""Compare: the same run with other settings, side by side."""

from nnplay.ui import shell

shell.begin(__file__)

from nnplay.ui.compare import page  # noqa: E402

page.show()

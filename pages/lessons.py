"""Lessons: a question first, then a run that answers it."""

from nnplay.ui import shell

shell.begin(__file__)

from nnplay.ui.lessons import page  # noqa: E402

page.show()

"""Take away: what leaves the page as a file. A part of the dialog is a module here, and a line in `dialog.py`."""

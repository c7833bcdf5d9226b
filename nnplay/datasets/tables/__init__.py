"""Tables: read from files and pasted text, chosen from, and written."""

from nnplay.datasets.tables.choosing import from_table
from nnplay.datasets.tables.reading import read_table
from nnplay.datasets.tables.table import Column, Dialect, Table

__all__ = ["Column", "Dialect", "Table", "from_table", "read_table"]

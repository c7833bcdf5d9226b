"""The tests; they mirror ``nnplay/``."""

from pathlib import Path

#: The folder of the whole project.
ROOT = Path(__file__).resolve().parents[1]

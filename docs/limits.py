"""Write the table of limits into docs/hosting.md, from the code: ``.venv/bin/python docs/limits.py``."""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from nnplay import limits  # noqa: E402

PAGE = ROOT / "docs" / "hosting.md"
BEGIN, END = "<!-- limits: written by docs/limits.py -->", "<!-- end of the limits -->"


def main() -> None:
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
    PAGE.write_text(f"{before}{BEGIN}\n{limits.table()}\n{END}{rest.partition(END)[2]}", encoding="utf-8")


if __name__ == "__main__":
    main()

"""Where those files of the app lie that aren't the library: ``app.py``, ``pages``, ``static``, Streamlit's settings.

In the repository they lie beside ``nnplay``. The build puts them below it, into ``nnplay/_app``, so that an installed
package has all of them.
"""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent
_INSTALLED = _PACKAGE / "_app"

#: The folder that holds ``app.py``.
ROOT = _INSTALLED if _INSTALLED.is_dir() else _PACKAGE.parent
STATIC = ROOT / "static"

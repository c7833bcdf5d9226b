"""The user interface: the only part of nnplay, besides ``app.py`` and ``pages/``, that knows Streamlit."""

import os

from nnplay import limits
from nnplay.refusal import Refusal

try:
    limits.of_this_server()
    limits.check_besides(os.environ)
except Refusal as refusal:  # the operator's: said before the server begins, and without a traceback
    raise SystemExit(f"nnplay: {refusal}") from None

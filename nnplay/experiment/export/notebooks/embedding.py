"""Arrays as text in a notebook: exact, and as short as may be."""

from __future__ import annotations

import base64
import zlib

import numpy as np

from nnplay.refusal import Refusal

#: Longest text of all arrays of a notebook, in characters.
MAX_CHARACTERS = 6_000_000
#: What reads them, in the notebook.
UNPACK = '''def unpack(text, dtype, *shape):
    """Return the array that a text holds."""
    return np.frombuffer(zlib.decompress(base64.b85decode(text)), dtype).reshape(shape)'''


def packed(array: np.ndarray) -> str:
    """Return the expression that gives `array` again, bit for bit, where :data:`UNPACK` is known.

    Raises
    ------
    ValueError
        If that would be longer than :data:`MAX_CHARACTERS`.
    """
    shape = "".join(f", {n}" for n in array.shape)
    if array.dtype.kind == "f" and array.size > 500 and len(levels := np.unique(array)) <= 256:
        # Few values, as of images and categories: a byte each says which.
        index = np.searchsorted(levels, array).astype(np.uint8)
        named = f'unpack("{_text(levels)}", "{levels.dtype.str}", {len(levels)})'
        expression = f'{named}[unpack("{_text(index)}", "|u1"{shape})]'
    else:
        expression = f'unpack("{_text(array)}", "{array.dtype.str}"{shape})'
    if len(expression) > MAX_CHARACTERS:
        raise Refusal(
            "data",
            f"must fit in a notebook, in {MAX_CHARACTERS / 1e6:g} MB of text",
            f"{len(expression) / 1e6:.1f} MB",
            advice="Take the notebook for nnplay, which makes or loads the data itself.",
        )
    return expression


def _text(array: np.ndarray) -> str:
    if array.dtype.kind in "iu" and array.dtype.itemsize > 1:
        raise TypeError("whole numbers are packed as bytes")
    little = array.astype(array.dtype.newbyteorder("<"), copy=False)
    return base64.b85encode(zlib.compress(np.ascontiguousarray(little).tobytes(), 9)).decode()

"""Arrays as text in a notebook: exact, and as short as may be."""

from __future__ import annotations

import base64
import zlib

import numpy as np

from nnplay.experiment.config.config import ExperimentConfig
from nnplay.experiment.training.breaks import aside
from nnplay.refusal import Refusal

#: Most numbers that a notebook holds: each takes ten letters. Of images, whose values are few, two at most.
MOST_VALUES, MOST_IMAGE_VALUES = 1_000_000, 8_000_000
#: What reads them, in the notebook.
UNPACK = '''def unpack(text, dtype, *shape):
    """Return the array that a text holds."""
    return np.frombuffer(zlib.decompress(base64.b85decode(text)), dtype).reshape(shape)'''


def check_size(config: ExperimentConfig) -> None:
    """Raise ValueError if a run's data are too large for a notebook that holds them."""
    n_values = config.n_train * config.layer_sizes[0]
    most = MOST_IMAGE_VALUES if config.data.has_images else MOST_VALUES
    if n_values > most:
        raise Refusal(
            "data",
            f"must be at most {most:,} numbers to fit in a notebook",
            f"{n_values:,}",
            advice="Take the notebook for nnplay, which makes or loads the data itself.",
        )


def packed(array: np.ndarray) -> str:
    """Return the expression that gives `array` again, bit for bit, where :data:`UNPACK` is known."""
    shape = "".join(f", {n}" for n in array.shape)
    with aside():
        if array.dtype.kind == "f" and array.size > 500 and len(levels := np.unique(array)) <= 256:
            # Few values, as of images and categories: a byte each says which.
            index = np.searchsorted(levels, array).astype(np.uint8)
            named = f'unpack("{_text(levels)}", "{levels.dtype.str}", {len(levels)})'
            return f'{named}[unpack("{_text(index)}", "|u1"{shape})]'
        return f'unpack("{_text(array)}", "{array.dtype.str}"{shape})'


def _text(array: np.ndarray) -> str:
    little = array.astype(array.dtype.newbyteorder("<"), copy=False)
    return base64.b85encode(zlib.compress(np.ascontiguousarray(little).tobytes(), 9)).decode()

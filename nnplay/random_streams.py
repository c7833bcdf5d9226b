"""Independent random streams from one seed.

Data, splitting, initialization, shuffling and dropout each draw from a stream of their own, so that drawing more
numbers in one (a larger network, say) changes nothing in the others.
"""

from __future__ import annotations

import numpy as np

from nnplay.validation import integer

_PURPOSES = ("data", "split", "initialization", "shuffling", "dropout", "sample", "landscape")


def random_stream(seed: int, purpose: str) -> np.random.Generator:
    """Return the generator of `purpose`, one of the streams above, for `seed`."""
    return np.random.default_rng([_PURPOSES.index(purpose), integer("seed", seed, 0)])

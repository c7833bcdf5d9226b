"""Fixed data sets: from scikit-learn, a folder, or the internet.

>>> from nnplay.datasets import stored
>>> stored.load("digits")
<Dataset 'Digits, 8×8': 1797 samples, 64 features, classification (10 classes)>
"""

from nnplay.datasets.stored.files import NotAtHand
from nnplay.datasets.stored.sets import STORED, StoredSet, is_loaded, load, split

__all__ = ["STORED", "NotAtHand", "StoredSet", "is_loaded", "load", "split"]

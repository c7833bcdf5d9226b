"""The notebook of a run."""

from __future__ import annotations

import math
from typing import Any

from nnplay.experiment.export.notebooks import with_nnplay, with_numpy, with_pytorch
from nnplay.experiment.export.notebooks.cells import to_json
from nnplay.experiment.export.notebooks.checking import Checking
from nnplay.experiment.export.notebooks.embedding import check_size
from nnplay.experiment.export.notebooks.rounding import SECONDS, earlier_check
from nnplay.experiment.export.notebooks.telling import Told, tell
from nnplay.validation import choice

#: What writes a notebook of each kind, and by how much its numbers may differ: relative, absolute.
FRAMEWORKS = {
    "nnplay": (with_nnplay.cells, (1e-9, 1e-12)),
    "numpy": (with_numpy.cells, (1e-9, 1e-12)),
    "pytorch": (with_pytorch.cells, (1e-6, 1e-9)),
}
#: The same in single precision, which has seven digits.
SINGLE = (1e-4, 1e-6)


def notebook(run: Any, epochs: int = 200, framework: str = "nnplay", *, frame: int | None = None) -> str:
    """Return a run as a Jupyter notebook that trains it again, and checks the losses and scores at its end.

    Parameters
    ----------
    run : ExperimentConfig, Recipe or Recording
        With a recipe or a recording, what was changed on the way is in the notebook, too.
    epochs : int
        How far a configuration or a recipe is trained.
    framework : {"nnplay", "numpy", "pytorch"}
        What the notebook trains with. With NumPy, the network's two passes are written out; it needs nothing of nnplay.
    frame : int, optional
        At which frame a recording ends, by default the newest.

    Returns
    -------
    str
        JSON, as nbformat 4.5 has it; to be saved as a ``.ipynb`` file.

    Raises
    ------
    TypeError, ValueError
        If an argument is not as described, the run diverges, or the data are too large for a notebook.
    """
    choice("framework", framework, FRAMEWORKS)
    return notebook_of(tell(run, epochs, frame), framework, seconds=math.inf)


def check_told(told: Told, framework: str) -> None:
    """Raise ValueError if a notebook of that kind can't hold the run's data."""
    if framework != "nnplay":
        for config in told.data_configs:
            check_size(config)


def notebook_of(told: Told, framework: str, seconds: float = SECONDS) -> str:
    """Return a run that is told as a notebook.

    Parameters
    ----------
    told : Told
    framework : str
    seconds : float
        CPU time for finding out whether rounding errors grow; 0 for not at all.
    """
    check_told(told, framework)
    write, tolerance = FRAMEWORKS[framework]
    if told.config.dtype == "float32":
        tolerance = SINGLE
    early = earlier_check(told, tolerance[0], seconds) if seconds else None
    return to_json(write(told, Checking(tolerance, early)))

"""What a run is taken away as: a notebook, files of its network, a page that replays it.

>>> import nnplay as nn
>>> recording = nn.export.record(nn.ExperimentConfig(hidden_sizes=(4,)), epochs=20)
>>> page = nn.export.replay_page(recording)
"""

from nnplay.experiment import export as of_the_library
from nnplay.experiment.export import *  # noqa: F403 (all of it: what is added there is here, too)
from nnplay.server.replay.page import replay_page
from nnplay.server.replay.recorded import record

__all__ = ["record", "replay_page", *of_the_library.__all__]

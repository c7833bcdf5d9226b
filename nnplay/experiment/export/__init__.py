"""What a run is taken away as: a notebook, a page that replays it, files of its network."""

from nnplay.experiment.export.model_files import to_npz
from nnplay.experiment.export.notebooks.notebook import notebook
from nnplay.experiment.export.onnx_file import to_onnx

__all__ = ["notebook", "to_npz", "to_onnx"]

"""scikit-learn's estimators over the engine: ``nn.Classifier`` and ``nn.Regressor``.

They go wherever one of scikit-learn's own goes: into a pipeline, ``cross_val_score``, ``GridSearchCV``. nnplay loads
scikit-learn when one of them is asked for, and no sooner.
"""

from nnplay.estimators.classifier import Classifier
from nnplay.estimators.regressor import Regressor

__all__ = ["Classifier", "Regressor"]

"""A regressor for scikit-learn."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.base import RegressorMixin
from sklearn.utils.validation import validate_data

from nnplay.datasets import Dataset
from nnplay.estimators.base import NetworkEstimator, documented


@documented("the mean squared error")
class Regressor(RegressorMixin, NetworkEstimator):
    """A network that predicts numbers, as an estimator of scikit-learn.

    Its outputs are sums, without an activation. Inputs and targets should have means near 0 and spreads near 1: put a
    ``StandardScaler`` before it, and a ``TransformedTargetRegressor`` around it.

    {parameters}

    Examples
    --------
    >>> import numpy as np
    >>> import nnplay as nn
    >>> X = np.linspace(-3, 3, 100)[:, None]
    >>> bool(nn.Regressor(hidden_sizes=(16,)).fit(X, np.sin(X[:, 0])).score(X, np.sin(X[:, 0])) > 0.99)
    True
    """

    def fit(self, X: Any, y: Any) -> Regressor:
        """Train on samples and their targets; return the estimator.

        Parameters
        ----------
        X : array-like, (n_samples, n_features)
        y : array-like, (n_samples,) or (n_samples, n_outputs)

        Raises
        ------
        TypeError, ValueError
            If a parameter, `X` or `y` is not as described.
        """
        go_on = self._goes_on()
        X, y = validate_data(self, X, y, dtype=np.float64, multi_output=True, y_numeric=True, reset=not go_on)
        self._train(self._data(X, y), self._checked_epochs(), go_on, self._stops_early())
        return self

    def partial_fit(self, X: Any, y: Any) -> Regressor:
        """Train for one epoch on these samples, from where the last call ended; return the estimator.

        Parameters
        ----------
        X : array-like, (n_samples, n_features)
        y : array-like, (n_samples,) or (n_samples, n_outputs)
        """
        go_on = hasattr(self, "network_")
        X, y = validate_data(self, X, y, dtype=np.float64, multi_output=True, y_numeric=True, reset=not go_on)
        self._train(self._data(X, y), 1, go_on, early_stopping=False)
        return self

    def predict(self, X: Any) -> np.ndarray:
        """Return the prediction for each sample: (n_samples,), or (n_samples, n_outputs) if the targets were so."""
        X = self._inputs(X)
        predicted = self.network_.predict(X)
        return predicted.reshape(len(predicted), -1) if self._is_matrix else predicted

    def _data(self, X: np.ndarray, y: np.ndarray) -> Dataset:
        self._is_matrix = y.ndim == 2
        return Dataset(X, y, task="regression")

    def _output(self, data: Dataset) -> str:
        return "identity"

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.target_tags.multi_output = True
        return tags

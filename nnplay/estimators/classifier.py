"""A classifier for scikit-learn."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.base import ClassifierMixin
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import column_or_1d, validate_data

from nnplay.datasets import Dataset
from nnplay.datasets.names import told_apart
from nnplay.estimators.base import NetworkEstimator, documented
from nnplay.refusal import Refusal, TypeRefusal
from nnplay.validation import shown


@documented(
    "cross-entropy",
    ", as many of each class as it has",
    """
    classes_ : ndarray, (n_classes,)
        The labels, in the order of the columns of :meth:`predict_proba`.""",
)
class Classifier(ClassifierMixin, NetworkEstimator):
    """A network that tells classes apart, as an estimator of scikit-learn.

    Two classes give one sigmoid output, more of them a softmax output each. Inputs should have means near 0 and spreads
    near 1: put a ``StandardScaler`` before it.

    {parameters}

    Examples
    --------
    >>> import nnplay as nn
    >>> from sklearn.model_selection import cross_val_score
    >>> from sklearn.pipeline import make_pipeline
    >>> from sklearn.preprocessing import StandardScaler
    >>> data = nn.datasets.make("moons", n_samples=200, noise=0.1, seed=0)
    >>> model = make_pipeline(StandardScaler(), nn.Classifier(hidden_sizes=(8, 8), activation="tanh"))
    >>> bool(cross_val_score(model, data.X, data.y).mean() > 0.95)
    True
    """

    def fit(self, X: Any, y: Any) -> Classifier:
        """Train on samples and their labels; return the estimator.

        Parameters
        ----------
        X : array-like, (n_samples, n_features)
        y : array-like, (n_samples,)
            Labels of at least two classes.

        Raises
        ------
        TypeError, ValueError
            If a parameter, `X` or `y` is not as described.
        """
        go_on = self._goes_on()
        X, y = validate_data(self, X, y, dtype=np.float64, reset=not go_on)
        y = _labels(y)
        classes = np.unique(y)
        if len(classes) < 2:
            raise Refusal("y", "must have at least 2 classes", f"1 class, {shown(classes[0])}")
        if go_on:
            self._check_known(classes)
        else:
            self.classes_ = classes
        self._train(self._data(X, y), self._checked_epochs(), go_on, self._stops_early())
        return self

    def partial_fit(self, X: Any, y: Any, classes: Any = None) -> Classifier:
        """Train for one epoch on these samples, from where the last call ended; return the estimator.

        Parameters
        ----------
        X : array-like, (n_samples, n_features)
        y : array-like, (n_samples,)
        classes : array-like, optional
            All labels that there will ever be. The first call needs it, unless `fit` was called before.
        """
        go_on = hasattr(self, "network_")
        X, y = validate_data(self, X, y, dtype=np.float64, reset=not go_on)
        y = _labels(y)
        if not go_on:
            if classes is None:
                raise Refusal("classes", "must be given to the first call of partial_fit", "None")
            found = np.unique(_labels(classes, "classes"))
            if len(found) < 2:
                raise Refusal("classes", "must have at least 2 classes", f"{len(found)}")
            self.classes_ = found
        elif classes is not None and not np.array_equal(np.unique(classes), self.classes_):
            raise Refusal(
                "classes", f"must be those of the first call, {shown(self.classes_.tolist())}", shown(classes)
            )
        self._check_known(np.unique(y))
        self._train(self._data(X, y), 1, go_on, early_stopping=False)
        return self

    def predict(self, X: Any) -> np.ndarray:
        """Return the label of each sample (n_samples,): that of the most probable class."""
        X = self._inputs(X)
        return np.asarray(self.classes_[self.network_.predict(X)])

    def predict_proba(self, X: Any) -> np.ndarray:
        """Return the probability of each class (n_samples, n_classes), in the order of ``classes_``."""
        X = self._inputs(X)
        return self.network_.predict_proba(X)

    def _check_known(self, classes: np.ndarray) -> None:
        unknown = [label for label in classes.tolist() if label not in self.classes_.tolist()]
        if unknown:
            raise Refusal("y", f"must hold the classes {shown(self.classes_.tolist())}", shown(unknown[0]))

    def _data(self, X: np.ndarray, y: np.ndarray) -> Dataset:
        names = told_apart(map(str, self.classes_.tolist()))
        return Dataset(X, np.searchsorted(self.classes_, y), task="classification", class_names=names)

    def _output(self, data: Dataset) -> str:
        return "sigmoid" if data.n_outputs == 1 else "softmax"


def _labels(y: Any, argument: str = "y") -> np.ndarray:
    labels = np.asarray(column_or_1d(y, warn=True))
    kinds = {"str" if isinstance(label, str) else type(label).__name__ for label in labels.tolist()}
    if labels.dtype == object and len(kinds) > 1:
        raise TypeRefusal(argument, "must hold labels of one type", " and ".join(sorted(kinds)))
    if labels.dtype.kind == "f" and not np.isfinite(labels).all():
        raise Refusal(argument, "must hold labels, none of them missing", "NaN or infinity")
    check_classification_targets(labels)
    return labels

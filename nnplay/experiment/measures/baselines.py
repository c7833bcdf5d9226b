"""What a network has to beat: a prediction that ignores the inputs, and a linear model."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nnplay.datasets import Dataset
from nnplay.engine.losses import Loss
from nnplay.engine.targets import encode_targets
from nnplay.experiment.training.breaks import aside, take_break
from nnplay.experiment.training.r_squared import r_squared, spread_of

Values = NDArray[np.floating]
#: From inputs (n_samples, n_columns) to predictions (n_samples, 1), or probabilities (n_samples, n_classes).
Model = Callable[[Values], Values]

#: No model is taken to be surer than this: one sample that it is quite wrong about would cost without end.
_LEAST_PROBABILITY = 1e-12
#: The linear models' steps, of which few data need more than a tenth.
_MAX_STEPS = 500


@dataclass(frozen=True)
class Baseline:
    """A simple model, and how well it does, in the units of the network's own loss and score.

    Attributes
    ----------
    name : str
        In a few words, for a reader.
    short : str
        In one word, for a chart.
    train_loss, test_loss, train_score, test_score : float
        NaN without a test set. The score is accuracy, or R².
    """

    name: str
    short: str
    train_loss: float
    test_loss: float
    train_score: float
    test_score: float


def baselines(
    train: Dataset,
    test: Dataset | None,
    loss: Loss,
    n_outputs: int,
    measured: tuple[Dataset, Dataset | None] | None = None,
) -> tuple[Baseline, Baseline]:
    """Return both baselines for data as a network sees them: the same split, the same preprocessing.

    For regression they are the mean of the training targets, and linear regression; for classification the shares that
    the classes have in training, which predict the most frequent one, and logistic regression. Both linear models are
    scikit-learn's. The logistic one (with the usual penalty, C = 1) standardises the inputs for itself, or its solver
    may not arrive; for the other it makes no difference.

    Parameters
    ----------
    train : Dataset
        With one target for each sample.
    test : Dataset, optional
    loss : Loss
        The network's.
    n_outputs : int
        The network's: 1 where it answers with the second class's probability alone.
    measured : pair of Dataset, optional
        What they are measured on in place of `train` and `test`: of large sets, the part that the network is, too.
    """
    seen = measured or (train, test)
    if train.task == "regression":
        models = ("predicting the mean", "mean", _mean(train)), ("linear regression", "linear", _linear(train))
    else:
        models = (
            ("predicting the most frequent class", "most frequent", _shares(train)),
            ("logistic regression", "logistic", _logistic(train)),
        )
    first, second = (_measured(name, short, model, *seen, loss, n_outputs) for name, short, model in models)
    return first, second


def _measured(
    name: str, short: str, model: Model, train: Dataset, test: Dataset | None, loss: Loss, n_outputs: int
) -> Baseline:
    train_loss, train_score = _loss_and_score(model, train, loss, n_outputs)
    test_loss, test_score = (np.nan, np.nan) if test is None else _loss_and_score(model, test, loss, n_outputs)
    return Baseline(name, short, train_loss, test_loss, train_score, test_score)


def _loss_and_score(model: Model, data: Dataset, loss: Loss, n_outputs: int) -> tuple[float, float]:
    take_break()
    answers = model(data.X)
    targets = encode_targets(data.y, data.n_samples, n_outputs, loss).T
    if data.task == "regression":
        a = z = answers.T
        score = r_squared(float(np.square(targets - a).sum()), spread_of(targets.T))
    else:
        score = float(np.mean(answers.argmax(axis=1) == data.y))
        p = np.clip(answers.T, _LEAST_PROBABILITY, 1 - _LEAST_PROBABILITY)
        a = p if n_outputs > 1 else p[1:]
        z = np.log(p) if n_outputs > 1 else np.log(p[1:]) - np.log(p[:1])  # what softmax or sigmoid turns into a
    return float(loss.value(z, a, targets)), score


# --- the models ---------------------------------------------------------------------------------------------


def _mean(train: Dataset) -> Model:
    mean = float(train.y.mean())
    return lambda X: np.full((len(X), 1), mean)


def _shares(train: Dataset) -> Model:
    shares = np.bincount(train.y, minlength=train.n_classes) / train.n_samples
    return lambda X: np.tile(shares, (len(X), 1))


def _linear(train: Dataset) -> Model:
    with aside():
        from sklearn.linear_model import LinearRegression  # takes a second: only where it is used

        fitted = LinearRegression().fit(train.X.astype(np.float64, copy=False), train.y)
    return lambda X: np.asarray(fitted.predict(X)).reshape(-1, 1)


def _logistic(train: Dataset) -> Model:
    with aside():
        from sklearn.linear_model import LogisticRegression
        from sklearn.pipeline import make_pipeline
        from sklearn.preprocessing import StandardScaler

        fitted = make_pipeline(StandardScaler(), LogisticRegression(max_iter=_MAX_STEPS)).fit(train.X, train.y)
    present = fitted.classes_  # a class may be so rare that it is in no training row

    def probabilities(X: Values) -> Values:
        answers = np.zeros((len(X), train.n_classes))
        answers[:, present] = fitted.predict_proba(X)
        return answers

    return probabilities

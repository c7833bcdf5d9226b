"""Samples along the two directions in which a layer spreads them most."""

from __future__ import annotations

import numpy as np

from nnplay.experiment.frames.frame import Arrays

#: Farthest that an activation is drawn, so that its square is finite in float32: just before a run diverges.
FARTHEST = 1e15
#: Share of the largest variance below which a second direction means nothing: then the fit isn't kept.
FLAT = 1e-12


class Components:
    """Principal components of a layer's activations, fitted once and then kept.

    Fitted to every frame they would turn all the time, and the picture with them.
    """

    def __init__(self) -> None:
        self._fitted: tuple[np.ndarray, np.ndarray] | None = None
        self._fit = 0

    def draw(self, activations: np.ndarray, fit: int) -> Arrays:
        """Return ``hidden_scale`` and ``hidden_points`` for `activations` (units, n_samples).

        A layer of one or two units is drawn as it is.

        Parameters
        ----------
        activations : ndarray, (units, n_samples)
        fit : int
            Another number than before fits the components again, to these activations.
        """
        if fit != self._fit:
            self._fit, self._fitted = fit, None
        with np.errstate(all="ignore"):  # just before a run diverges
            return _stored(self._coordinates(_drawable(activations)))

    def _coordinates(self, activations: np.ndarray) -> np.ndarray:
        """Return the two coordinates (2, n_samples)."""
        if len(activations) == 1:
            return np.vstack([activations, np.zeros_like(activations)])
        if len(activations) == 2:
            return activations
        centre, basis = self._components(activations)
        return np.asarray(basis.T @ (activations - centre))

    def _components(self, activations: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the centre (units, 1) and the two directions (units, 2)."""
        if self._fitted is not None:
            return self._fitted
        samples = activations.astype(np.float64)
        centre = samples.mean(axis=1, keepdims=True)
        variances, directions = np.linalg.eigh((samples - centre) @ (samples - centre).T)
        basis = directions[:, :-3:-1]  # eigenvalues ascend, so the last columns, the largest first
        fitted = centre.astype(np.float32), basis.astype(np.float32)
        if variances[-2] > FLAT * variances[-1]:
            self._fitted = fitted
        return fitted


def _drawable(values: np.ndarray) -> np.ndarray:
    if np.abs(values).max(initial=0.0) < FARTHEST:
        return values
    return np.fmax(np.fmin(values, FARTHEST), -FARTHEST)  # fmin and fmax also turn a NaN into a number


def _stored(coordinates: np.ndarray) -> Arrays:
    """Return coordinates (2, n) as steps of a scale: ``x0, dx, y0, dy``, and the steps (n, 2)."""
    coordinates = _drawable(coordinates)
    low = coordinates.min(axis=1, keepdims=True)
    step = np.maximum((coordinates.max(axis=1, keepdims=True) - low) / 65535.0, 1e-30)
    steps = np.minimum((coordinates - low) / step + 0.5, 65535.0).astype("<u2")
    return {
        "hidden_scale": np.hstack([low, step]).ravel().astype("<f4"),
        "hidden_points": np.ascontiguousarray(steps.T),
    }

"""Weather made by a rule, for an article's example: generated, not observed."""

from __future__ import annotations

import numpy as np

from nnplay.datasets.dataset import Dataset
from nnplay.random_streams import random_stream
from nnplay.validation import integer, number

FEATURES = ("temperature in °C", "humidity in %", "pressure in hPa")
RULE = (
    "It rains when the air is close to its dew point, or fairly close while the pressure is low: when (7 − degrees "
    "above the dew point) / 3 + (1013 − pressure in hPa) / 8, plus a little noise, is above 0."
)
MAX_SAMPLES = 100_000


def above_dew_point(temperature: np.ndarray, humidity: np.ndarray) -> np.ndarray:
    """Return by how many °C air must cool until it is saturated, by Magnus' formula.

    Parameters
    ----------
    temperature : ndarray
        In °C.
    humidity : ndarray
        Relative, in %, above 0.

    Source: Alduchov and Eskridge (1996), https://doi.org/10.1175/1520-0450(1996)035<0601:IMFAOS>2.0.CO;2
    """
    exponent = np.log(humidity / 100) + 17.625 * temperature / (243.04 + temperature)
    return temperature - 243.04 * exponent / (17.625 - exponent)


def make_weather(n_samples: int = 1000, noise: float = 0.3, seed: int = 0) -> Dataset:
    """Return days with temperature, humidity and pressure, and whether it rains by :data:`RULE`.

    Parameters
    ----------
    n_samples : int
        From 10 to 100 000.
    noise : float
        From 0 to 10: standard deviation of what chance adds to the rule's sum, so that some days go against it.
    seed : int

    Returns
    -------
    Dataset
        X (n_samples, 3) in the units of the feature names; classes "dry" and "rain".

    Raises
    ------
    TypeError, ValueError
        If an argument is not as described.
    """
    n_samples, noise = integer("n_samples", n_samples, 10, MAX_SAMPLES), number("noise", noise, 0, 10)
    rng = random_stream(seed, "data")
    temperature = np.clip(rng.normal(12, 8, n_samples), -15, 38)
    humidity = np.clip(100 * rng.beta(5, 2.2, n_samples), 5, 99.9)
    pressure = rng.normal(1013, 9, n_samples)
    score = (7 - above_dew_point(temperature, humidity)) / 3 + (1013 - pressure) / 8
    return Dataset(
        np.stack([temperature, humidity, pressure], axis=1),
        score + rng.normal(0, noise, n_samples) > 0,
        task="classification",
        class_names=("dry", "rain"),
        feature_names=FEATURES,
        name="weather (generated)",
    )

"""Two lines, softmax by its Jacobian, saving and loading; digits, and housing values."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from nnplay.articles import two_lines
from nnplay.articles.evidence.article import (
    Article,
    Bound,
    Chart,
    Claim,
    Experiment,
    Figure,
    Preset,
    Row,
    Table,
    Test,
)
from nnplay.articles.images_and_houses import (
    AUTHOR_EPOCHS,
    HOUSING_EPOCHS,
    housing_baselines,
    learn_digits,
    learn_digits_as_was,
    learn_housing,
    learn_housing_as_was,
    save_and_load,
)
from nnplay.articles.softmax import check_softmax, jacobians
from nnplay.experiment.config.config import ExperimentConfig
from nnplay.experiment.config.presets import RELUS

_AUTHORS_HOUSING = ExperimentConfig(
    dataset="california",
    test_fraction=0.2,
    standardise=True,
    hidden_sizes=(100, 20),
    activation="relu",
    initializer="xavier_normal",
    learning_rate=0.01,
    momentum=0.0,
    batch_size=512,
    max_epochs=AUTHOR_EPOCHS,
)
_HOUSING = replace(
    _AUTHORS_HOUSING,
    hidden_sizes=(64, 64),
    initializer="he_normal",
    dtype="float32",
    optimizer="adam",
    learning_rate=5e-3,
    batch_size=64,
    regularizer="l2",
    regularization_rate=1e-4,
    schedule=f"cosine(epochs={HOUSING_EPOCHS})",
    max_epochs=HOUSING_EPOCHS,
)
_EXACT = Bound("highest", high=1e-6)

_SOLVED_BY_SOME, _SOLVED_BY_NONE = Bound("highest", low=1.0), Bound("highest", high=0.0)


def _lines(activation: str, units: int = 2) -> str:
    return f"lines_{activation}_{units}"


ARTICLE = Article(
    key="from-zero",
    number="004",
    name="Softmax and housing",
    title="From zero to a working implementation",
    author="",
    link="",
    builds=(
        "Any number of ReLU layers, followed by softmax (with its full Jacobian) or the identity, trained by "
        "stochastic gradient descent with momentum: on MNIST, and on California housing with the mean squared "
        "error. Our copy has the text without the code; layer sizes, learning rates and batch sizes come from the "
        "code that its author published."
    ),
    finding=(
        "Its results hold, and so does most of what it says about two lines and spare units. One sentence is wrong: "
        "the housing values are not logarithms, so the network is off by an amount of money and not by a factor."
    ),
    claims=(
        Claim(
            "Without activation functions, two hidden neurons can't separate points that lie between two lines from "
            "those outside.",
            "2-2-2 with identity units on 200 points, initial weights and biases drawn as in the article; solved means "
            "an accuracy of at least 98 %. The article trains nothing here: the points and the training are ours.",
            (Test("Solved with the identity", "solved", _lines("identity"), "solved", bound=_SOLVED_BY_NONE),),
            "A linear function of linear functions is linear again. However many such units there are, the network "
            "can draw only one straight line, and the band between two lines needs two.",
            "More units don't help.",
            (Figure("Solved with 16 identity units", "solved", _lines("identity", 16), "solved"),),
            is_authors_setup=False,
        ),
        Claim(
            "With ReLU or tanh, two hidden neurons are enough for the output neuron to classify the points.",
            "The same with ReLU and with tanh; it holds if training finds such a network with any seed.",
            (
                Test("Solved with ReLU", "solved", _lines("relu"), "solved", bound=_SOLVED_BY_SOME),
                Test("Solved with tanh", "solved", _lines("tanh"), "solved", bound=_SOLVED_BY_SOME),
            ),
            "Each unit bends the plane along its own line, and then one straight line is enough. That such a "
            "network exists doesn't mean that training finds it: a ReLU that is 0 for all points no longer learns, "
            "while tanh always has a slope.",
            "The same with biases that start at 0.",
            (
                Figure("Solved with ReLU", "solved", "lines_relu_2_zero", "solved"),
                Figure("Solved with tanh", "solved", "lines_tanh_2_zero", "solved"),
            ),
            is_authors_setup=False,
        ),
        Claim(
            "With tanh the points are separated by a bigger margin than with ReLU.",
            "The two lines set by hand, with gentle and with steep units; the widest gap between the classes in the "
            "plane of the two units. The article's own lines are in a picture that our copy lacks.",
            tuple(
                Test(
                    f"{name.capitalize()} units, gap {of}",
                    "margin",
                    "margins",
                    f"tanh_{name}{share}",
                    rival_measure=f"relu_{name}{share}",
                )
                for share, of in (("", "as it is"), ("_share", "against the points' spread"))
                for name in two_lines.SLOPES
            ),
            "Tanh gives −1 on one side of its line and 1 on the other, so it pushes the classes apart on both sides, "
            "where ReLU leaves one side at 0. But it also draws out the points near the line: unless the units are "
            "steep, the gap is wider than ReLU's only as a distance, and not against how far the points are spread.",
            is_authors_setup=False,
        ),
        Claim(
            "Overcapacity helps: with more hidden neurons than needed, training is easier.",
            "ReLU networks of 4, 8 and 16 units, each compared with 2 units by their accuracy, seed by seed.",
            tuple(
                Test(f"{units} units, accuracy", "percent", _lines("relu", units), "accuracy", rival=_lines("relu"))
                for units in two_lines.WIDTHS[1:]
            ),
            "With two units, both must find their line, and nothing replaces a unit that dies. With more, some "
            "start near a line by chance, and the output unit can ignore the others.",
            "The share of runs in which both lines were found.",
            tuple(Figure(f"{units} units", "solved", _lines("relu", units), "solved") for units in two_lines.WIDTHS),
            is_authors_setup=False,
        ),
        Claim(
            "Softmax mixes its inputs, so its derivative is a Jacobian, to be multiplied with the derivative of the "
            "loss.",
            "Our Jacobian against a numerical one, and gradient checks of three losses with softmax.",
            (
                Test("Jacobian, largest difference", "error", "softmax", "jacobian", bound=Bound("highest", high=1e-8)),
                Test("Cross-entropy", "error", "softmax", "categorical_cross_entropy", bound=_EXACT),
                Test("Mean squared error", "error", "softmax", "mean_squared_error", bound=_EXACT),
                Test("Quadratic cost", "error", "softmax", "quadratic", bound=_EXACT),
            ),
            "All probabilities share one sum, so raising one input lowers the others' outputs. The chain rule then "
            "needs all pairs of inputs and outputs. The product can be computed without building the matrix, and "
            "our engine does that.",
            is_authors_setup=False,
        ),
        Claim(
            "On MNIST the network reaches 99.8 % on the training and 95.9 % on the test images.",
            "All 60 000 images, unscaled pixels from 0 to 255, 784-100-10, plain gradient descent, learning rate "
            "0.01, batches of 512, 100 epochs.",
            (
                Test("Training accuracy", "percent", "digits_as_was", "train", claimed=0.998),
                Test("Test accuracy", "percent", "digits_as_was", "test", claimed=0.959),
            ),
            "With pixels up to 255, the first predictions are very confident and often wrong, which gives huge "
            "gradients. A detail saves the training: to avoid a division by 0, the code adds a tiny number to each "
            "probability, and this happens to remove the worst images from the gradient. With the exact "
            "cross-entropy, the same training ends at {digits_exact.test:percent} on the test images.",
            "Pixels scaled to 0 to 1, 784-128-64-10, momentum, batches of 128.",
            (
                Figure("Training accuracy", "percent", "digits", "train"),
                Figure("Test accuracy", "percent", "digits", "test"),
            ),
        ),
        Claim(
            "On California housing the mean squared error is about 0.36, for training and test.",
            "The target as scikit-learn gives it, in 100 000 $; columns standardised, 8-100-20-1, plain gradient "
            "descent, learning rate 0.01, batches of 512, 100 epochs. A fifth of the rows is kept for testing.",
            (
                Test("Training error", "loss", "housing_as_was", "train", claimed=0.36),
                Test("Test error", "loss", "housing_as_was", "test", claimed=0.36),
            ),
            "A good result: always predicting the mean has an error of {baselines.mean:loss} on this target, and "
            "linear regression {baselines.linear:loss}. The network can bend where a linear model can't, above all "
            "with a house's location.",
            "8-64-64-1 with Adam and a falling learning rate, on the same target and splits.",
            (
                Figure("Training error", "loss", "housing", "train"),
                Figure("Test error", "loss", "housing", "test"),
            ),
        ),
        Claim(
            "The target is ln(value), so the predictions are off by a factor of about 1.83.",
            "The same runs: the factor by which the predictions are off, from the logarithms of predictions and "
            "values.",
            (
                Test(
                    "Off by a factor of",
                    "loss",
                    "housing_as_was",
                    "factor",
                    bound=Bound("median", low=1.83 * 0.9, high=1.83 * 1.1),
                ),
            ),
            "The data hold the value itself, in 100 000 $, not its logarithm. The root of the error is therefore "
            "an amount, not an exponent: predictions are typically off by {housing_as_was.off_by:dollars}. With a "
            "real ln(value), even always predicting the mean has an error of only {baselines_ln.mean:loss}.",
            "The logarithm as target is another question: 8-64-64-1 with Adam on ln(value).",
            (
                Figure("Test error", "loss", "housing_ln", "test"),
                Figure("Linear regression", "loss", "baselines_ln", "linear"),
            ),
        ),
    ),
    experiments=(
        *(
            Experiment(_lines(activation, units), partial(two_lines.learn, activation=activation, units=units))
            for activation, units in (
                ("identity", 2),
                ("identity", 16),
                ("tanh", 2),
                *(("relu", units) for units in two_lines.WIDTHS),
            )
        ),
        *(
            Experiment(
                f"lines_{activation}_2_zero",
                partial(two_lines.learn, activation=activation, units=2, has_drawn_biases=False),
            )
            for activation in ("relu", "tanh")
        ),
        Experiment("margins", two_lines.margins),
        Experiment("softmax", check_softmax),
        Experiment("save_and_load", save_and_load, n_seeds=20),
        Experiment("digits_as_was", learn_digits_as_was, n_seeds=5, n_quick=0, data="mnist"),
        Experiment("digits_exact", partial(learn_digits_as_was, is_guarded=False), n_seeds=1, n_quick=0, data="mnist"),
        Experiment("digits", learn_digits, n_seeds=5, n_quick=0, data="mnist"),
        Experiment("baselines", partial(housing_baselines, logarithm=False), data="california"),
        Experiment("housing_as_was", learn_housing_as_was, n_quick=1, data="california"),
        Experiment("housing", partial(learn_housing, logarithm=False), n_quick=1, data="california"),
        Experiment("baselines_ln", partial(housing_baselines, logarithm=True), data="california"),
        Experiment("housing_ln", partial(learn_housing, logarithm=True), n_quick=1, data="california"),
    ),
    tables=(
        Table(
            "Two lines: accuracy on the points",
            "At 98 % or more, both lines are found. Each dot is a seed, with its own points and initial weights. "
            "Better and worse: than two ReLU units with the same seed.",
            "percent",
            (
                Row("Identity, 2 units", _lines("identity"), "accuracy", "not separable"),
                Row("Identity, 16 units", _lines("identity", 16), "accuracy", "no matter how many"),
                Row("Tanh, 2 units", _lines("tanh"), "accuracy", "separable"),
                Row("ReLU, 2 units", _lines("relu"), "accuracy", "separable"),
                *(
                    Row(f"ReLU, {units} units", _lines("relu", units), "accuracy", "easier", rival=_lines("relu"))
                    for units in two_lines.WIDTHS[1:]
                ),
            ),
        ),
        Table(
            "Softmax's Jacobian",
            "Differences from numerical derivatives; rounding lies far to the left. The scale is logarithmic.",
            "error",
            (
                Row("Jacobian, largest difference", "softmax", "jacobian", bound=Bound("highest", high=1e-8)),
                Row("Gradient check, cross-entropy", "softmax", "categorical_cross_entropy", bound=_EXACT),
                Row("Gradient check, mean squared error", "softmax", "mean_squared_error", bound=_EXACT),
                Row("Gradient check, quadratic cost", "softmax", "quadratic", bound=_EXACT),
            ),
        ),
        Table(
            "Saved and loaded: parameters that differ",
            "An nnplay run, saved as JSON and loaded again, compared bit for bit. The article saves only weights "
            "and biases, which is enough for predictions.",
            "count",
            (
                Row("After loading", "save_and_load", "after_loading", bound=Bound("highest", high=0)),
                Row("After 10 more epochs of both", "save_and_load", "after_more", bound=Bound("highest", high=0)),
            ),
        ),
        Table(
            "MNIST: test accuracy after 100 epochs",
            "Each dot is a seed, which decides the initial weights and the order of the images.",
            "percent",
            (
                Row("As the author trained it", "digits_as_was", "test", "95.9 %", 0.959),
                Row("The same with the exact cross-entropy", "digits_exact", "test"),
                Row("Scaled pixels, 784-128-64-10", "digits", "test", "", None, Bound("lowest", low=0.979)),
            ),
        ),
        Table(
            "California housing, value in 100 000 $: test error",
            "Mean squared error: farther to the left is better. Each dot is a seed, which decides the split and the "
            "initial weights. Adam is compared with the author's training, on the same rows.",
            "loss",
            (
                Row("Always the mean", "baselines", "mean"),
                Row("Linear regression", "baselines", "linear"),
                Row("8-100-20-1, as the author trained it", "housing_as_was", "test", "about 0.36", 0.36),
                Row("8-64-64-1 with Adam", "housing", "test", rival="housing_as_was"),
            ),
        ),
        Table(
            "California housing, ln(value): test error",
            "Another target with another scale: these errors can't be compared with those above.",
            "loss",
            (
                Row("Always the mean, of ln(value)", "baselines_ln", "mean"),
                Row("Linear regression, of ln(value)", "baselines_ln", "linear"),
                Row("8-64-64-1 with Adam, of ln(value)", "housing_ln", "test", bound=Bound("median", high=0.062)),
            ),
        ),
    ),
    charts=(
        Chart(
            "MNIST: test accuracy during training",
            "The median of the seeds. The epochs are on a logarithmic scale.",
            {
                "As the author trained it": ("digits_as_was", "test_accuracy"),
                "With the exact cross-entropy": ("digits_exact", "test_accuracy"),
                "Scaled pixels, 784-128-64-10": ("digits", "test_accuracy"),
            },
            ("Epochs", "Test accuracy"),
        ),
    ),
    presets=(
        Preset("MNIST, two ReLU layers", "digits", RELUS.config),
        Preset("House values, 8-100-20-1 as its author trained it", "tabular", _AUTHORS_HOUSING),
        Preset("House values, 8-64-64-1 with Adam", "tabular", _HOUSING),
    ),
    exhibits=jacobians,
)

"""The notebook that trains a run again with NumPy alone: the network's two passes, written out.

It has only what the run uses. What it computes, and in which order, is what the engine does: on one machine the numbers
are the same to the last bit, so that also a run in which rounding errors grow ends at the same loss.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from nnplay.engine import activations
from nnplay.experiment.config.config import ExperimentConfig
from nnplay.experiment.export.notebooks import about, formulas, pieces
from nnplay.experiment.export.notebooks.cells import Cell, code, words
from nnplay.experiment.export.notebooks.checking import Checking, course_cells
from nnplay.experiment.export.notebooks.embedding import UNPACK, packed
from nnplay.experiment.export.notebooks.layers import place_of
from nnplay.experiment.export.notebooks.numpy_optimizers import ABOUT, optimizer_lines
from nnplay.experiment.export.notebooks.pictures import picture_cells
from nnplay.experiment.export.notebooks.telling import Change, Stretch, Told
from nnplay.experiment.recording.recipe import CarryOver, Edit, FreshOptimizer, NewSettings, Place

_HOW = """This notebook trains a network of nnplay again with nothing but NumPy. The forward pass, backpropagation and
the optimiser are written out, as far as this run uses them. It ends at the losses that the page showed."""


def cells(told: Told, check: Checking) -> Iterator[Cell]:
    """Yield the cells."""
    config = told.config
    writer = Writer(told)
    yield about.head(told, " ".join(_HOW.split()), "NumPy and Matplotlib: `pip install numpy matplotlib`")
    yield code(
        "import base64", "import math", "import zlib", "",
        "import matplotlib.pyplot as plt", "import numpy as np", "", "", UNPACK,
    )  # fmt: skip
    yield words("## The data\n\nEach sample is a row of `X`. The folded cell holds them, digit for digit.")
    yield code(pieces.data_lines(config), is_folded=True)
    yield code(pieces.input_lines(config), ["", ""], writer.columns())
    yield words(writer.about_network())
    yield code(writer.network())
    yield words(writer.about_forward())
    yield code(writer.forward())
    yield words(writer.about_backward())
    yield code(writer.loss(config), ["", ""], writer.backward())
    yield words(f"## The optimiser\n\n{writer.about_optimizer(config)}")
    yield code(writer.optimizer(config))
    yield words("## Train")
    yield code(writer.settings(config), pieces.batch_lines(config), ["", ""], writer.training())
    yield from course_cells(told, check, "measure()", writer.written)
    yield from picture_cells(told)


class Writer:
    """Writes the lines of a run.

    Parameters
    ----------
    told : Told
    """

    def __init__(self, told: Told) -> None:
        self.told = told
        config = self.config = told.config
        names = (
            [config.activation] * len(config.hidden_sizes) if isinstance(config.activation, str) else config.activation
        )
        self.activations = [activations.get(name) for name in names]
        self.is_mixed = len({str(each) for each in self.activations}) > 1
        self.has_dropout = bool(config.hidden_sizes) and any(each.dropout for each in told.configs)
        self.has_schedule = pieces.uses_schedule(told)
        self.penalties = [kind for kind in ("l1", "l2") if any(penalty_of(each, kind) for each in told.configs)]
        self.is_single = config.dtype == "float32"
        self.weights = "layer[:-1]" if config.bias else "layer"

    # -- data and network ------------------------------------------------------------------------------------------

    def columns(self) -> list[str]:
        """Return the lines that make what the network takes of the samples."""
        config = self.config
        as_type = ".astype(np.float32)" if self.is_single else ""
        inputs = "inputs(X)" if pieces.input_lines(config) else "X"
        rows, about = inputs, "Return points X as the network takes them."
        if config.bias:
            rows = f"np.column_stack([{inputs}, np.ones(len(X))])"
            about = "Return points X as the network takes them: their inputs, and a 1 for the biases."
        n_outputs = config.layer_sizes[-1]
        if config.task == "regression":
            targets = "y[:, None]"
        elif n_outputs == 1:
            targets = "y[:, None].astype(float)"
        else:
            targets = f"np.eye({n_outputs})[y]"
        lines = [
            "def rows_of(X):",
            f'    """{about}"""',
            f"    return {rows}{as_type}",
            "",
            "",
            "def targets_of(y):",
            '    """Return what the outputs should be, a row for each sample."""',
            f"    return {targets}{as_type}",
        ]
        return [*lines, "", "", *self.sets(config)]

    def sets(self, config: ExperimentConfig) -> list[str]:
        """Return the lines that make the arrays of the training and the test set."""
        lines = ["x_train, t_train = rows_of(X_train), targets_of(y_train)"]
        if config.n_test:
            lines.append("x_test, t_test = rows_of(X_test), targets_of(y_test)")
        return lines

    def about_network(self) -> str:
        """Return what stands above the network."""
        if not self.config.bias:
            return (
                "## The network\n\nEach layer is a matrix of weights: a row for each input, a column for each unit. "
                "The first weights are random numbers from nnplay's stream for them."
            )
        return (
            "## The network\n\nEach layer is a matrix: a row for each input, a column for each unit. The last row "
            "holds the biases, for every layer gets a 1 beside its inputs. The first weights are random numbers from "
            "nnplay's stream for them; biases begin at 0."
        )

    def network(self) -> list[str]:
        """Return the lines that make the first weights."""
        config = self.config
        *before, value = formulas.first_weights(config.initializer)
        lines = [f"sizes = {list(config.layer_sizes)}  # inputs, units of each hidden layer, outputs"]
        if "rng" in value:
            lines.append(f"rng = np.random.default_rng([{pieces.STREAMS['first weights']}, {config.seed}])")
        if config.bias:
            value = f"np.vstack([{value}, np.zeros(n_out)])"
        as_type = ".astype(np.float32)" if self.is_single else ""
        return [
            *lines,
            "network = []",
            "for n_in, n_out in zip(sizes, sizes[1:]):",
            *(f"    {line}" for line in before),
            f"    network.append({value}{as_type})",
        ]

    # -- the two passes --------------------------------------------------------------------------------------------

    def about_forward(self) -> str:
        """Return what stands above the forward pass."""
        ones = ", and beside the activations a 1" if self.config.bias else ""
        if not self.activations:
            return (
                "## Forward\n\nThere is no hidden layer: each output is a weighted sum of the inputs, z = Wᵀx. "
                "One column is one sample."
            )
        dropout = (
            "\n\nDropout silences units at random, others for each sample; those that are left speak louder, so that "
            "the sums above stay about as large."
            if self.has_dropout
            else ""
        )
        return (
            "## Forward\n\nA unit sums up its inputs, each times a weight: z = Wᵀx. Its activation, a = g(z), is an "
            f"input of the layer above{ones}. One column is one sample.{dropout}"
        )

    def forward(self) -> list[str]:
        """Return the lines of the forward pass."""
        config = self.config
        lines = self._activation_functions()
        lines += ["def output(z):", '    """Return the network\'s answers for the last sums z."""']
        lines += [*(f"    {line}" for line in formulas.OUTPUTS[config.resolved_output][0]), "", ""]
        if not self.activations:
            return [
                *lines,
                "def forward(x):",
                '    """Return what each layer gets, and its sums: here there is one layer."""',
                "    return [x], [network[0].T @ x]",
            ]
        activate = "activate[len(xs) - 1](z)" if self.is_mixed else "activate(z)"
        above = "np.vstack([a, np.ones(a.shape[1], a.dtype)])" if config.bias else "a"
        if self.has_dropout:
            mask = "(silence.random(a.shape) >= dropout) * (1 / (1 - dropout))"
            mask = f"({mask}).astype(a.dtype)" if self.is_single else mask
            return [
                *lines,
                f"silence = np.random.default_rng([{pieces.STREAMS['dropout']}, {config.seed}])",
                "",
                "",
                "def forward(x, dropout=0.0):",
                '    """Return what each layer gets, its sums, and who was heard, from the lowest layer up."""',
                "    xs, zs, masks = [x], [], []",
                "    for layer in network[:-1]:",
                "        z = layer.T @ xs[-1]",
                f"        a = {activate}",
                "        mask = np.ones_like(a)",
                "        if dropout:",
                f"            mask = {mask}",
                "            a = a * mask",
                "        zs.append(z)",
                "        masks.append(mask)",
                f"        xs.append({above})",
                "    zs.append(network[-1].T @ xs[-1])",
                "    return xs, zs, masks",
            ]
        return [
            *lines,
            "def forward(x):",
            '    """Return what each layer gets, and its sums, from the lowest layer up."""',
            "    xs, zs = [x], []",
            "    for layer in network[:-1]:",
            "        z = layer.T @ xs[-1]",
            f"        a = {activate}",
            "        zs.append(z)",
            f"        xs.append({above})",
            "    zs.append(network[-1].T @ xs[-1])",
            "    return xs, zs",
        ]

    def _activation_functions(self) -> list[str]:
        """Return the lines of g and g', of each kind that the hidden layers have."""
        lines: list[str] = []
        names: dict[str, tuple[str, str]] = {}
        for each in self.activations:
            if str(each) in names:
                continue
            value, slope = ("activate", "slope")
            if self.is_mixed:
                again = sum(known.startswith(each.name) for known in names)
                value = each.name + (f"_{again + 1}" if again else "")
                slope = f"{value}_slope"
            names[str(each)] = value, slope
            form = formulas.written(each)
            lines += [
                f"def {value}(z):",
                f'    """Return the activations for sums z: {each.name}."""',
                *(f"    {line}" for line in form.before),
                f"    return {form.value}",
                "",
                "",
                f"def {slope}(z, a):",
                '    """Return how an activation a moves with its sum z."""',
                *(f"    {line}" for line in form.before),
                f"    return {form.slope}",
                "",
                "",
            ]
        if self.is_mixed:
            for k, function in enumerate(("activate", "slope")):
                named = ", ".join(names[str(each)][k] for each in self.activations)
                lines.append(f"{function} = [{named}]  # of each hidden layer")
            lines += ["", ""]
        return lines

    def about_backward(self) -> str:
        """Return what stands above the backward pass."""
        loss = formulas.LOSSES[self.config.resolved_loss].formula
        text = f"""## Backward

The loss of a sample is $\\displaystyle {loss}$. Backpropagation finds how it moves with every weight, from the top
down. `delta` says how the loss moves with each sum z of a layer. A weight acts through its sum, and the more strongly
the larger its input is: so its slope is input × delta, added up over the samples."""
        if self.activations:
            text += (
                " A unit below acts through every sum that it feeds, and by the slope of its activation: that gives "
                "the `delta` of the layer below."
            )
        return text

    def loss(self, config: ExperimentConfig) -> list[str]:
        """Return the lines of the loss, and of how it moves with the last sums."""
        form = formulas.LOSSES[config.resolved_loss]
        delta, value = form.error, form.value
        through = formulas.THROUGH_OUTPUT[config.resolved_output] if form.is_through_output else ""
        lines = [
            "def loss(z, y):",
            f'    """Return the {config.resolved_loss.replace("_", " ")} of the last sums z."""',
        ]
        if form.is_through_output:
            lines.append("    a = output(z)")
        if " n" in value:
            lines.append("    n = y.shape[1]")
        lines += [f"    return {value}", "", "", "def error(z, y):"]
        lines += ['    """Return how that loss moves with each of the last sums z."""', "    a = output(z)"]
        if " n)" in delta:
            lines.append("    n = y.shape[1]")
        if not through:
            return [*lines, f"    return {delta}"]
        return [*lines, f"    delta = {delta}", f"    return {through}"]

    def backward(self) -> list[str]:
        """Return the lines of the backward pass."""
        names = "xs, zs, masks, y" if self.has_dropout else "xs, zs, y"
        lines = [
            f"def backward({names}):",
            '    """Return how the loss moves with each weight, an array for each layer: backpropagation."""',
            "    delta = error(zs[-1], y)",
        ]
        if not self.activations:
            return [*lines, "    return [xs[0] @ delta.T]"]
        weights = "network[k][:-1]" if self.config.bias else "network[k]"
        a = "xs[k][:-1]" if self.config.bias else "xs[k]"
        slope = "slope[k - 1]" if self.is_mixed else "slope"
        if self.has_dropout:
            activate = "activate[k - 1]" if self.is_mixed else "activate"
            below = [
                f"            a = {activate}(zs[k - 1])",
                f"            delta = ({weights} @ delta) * ({slope}(zs[k - 1], a) * masks[k - 1])",
            ]
        else:
            below = [f"            delta = ({weights} @ delta) * {slope}(zs[k - 1], {a})"]
        return [
            *lines,
            "    gradients = []",
            "    for k in reversed(range(len(network))):",
            "        gradients.insert(0, xs[k] @ delta.T)  # of a weight: its input times the delta of its sum",
            "        if k > 0:  # down to the layer below: through the weights, and times its activations' slopes",
            *below,
            "    return gradients",
        ]

    # -- training --------------------------------------------------------------------------------------------------

    def about_optimizer(self, config: ExperimentConfig) -> str:
        """Return what stands above the optimizer."""
        return ABOUT[config.make_optimizer().name](self._keeps_velocity)

    @property
    def _keeps_velocity(self) -> bool:
        return any(each.momentum for each in self.told.configs if each.make_optimizer().name == "sgd")

    def optimizer(self, config: ExperimentConfig, is_new: bool = True) -> list[str]:
        """Return the lines that take a step; with `is_new` the optimizer remembers nothing yet."""
        return optimizer_lines(config, self._keeps_velocity, is_new)

    def settings(self, config: ExperimentConfig) -> list[str]:
        """Return the lines that say how fast it learns."""
        lines = [f"learning_rate = {config.learning_rate!r}"]
        lines += [
            f"{kind} = {penalty_of(config, kind)!r}  # how strongly weights are pulled to 0" for kind in self.penalties
        ]
        lines += [f"dropout = {config.dropout!r}"] * self.has_dropout
        if self.has_schedule:
            lines += ["", "", *pieces.schedule_lines(config), "", ""]
        return lines

    def training(self) -> list[str]:
        """Return the lines that measure, and train."""
        rate = "learning_rate * schedule(epoch)" if self.has_schedule else "learning_rate"
        forward = "forward(x, dropout)" if self.has_dropout else "forward(x)"
        pull = []
        if self.penalties:
            pull = ["        for layer, gradient in zip(network, gradients):"]
            target = "gradient[:-1]" if self.config.bias else "gradient"
            terms = {"l1": f"l1 * np.sign({self.weights})", "l2": f"l2 * {self.weights}"}
            pull += [f"            {target} += {terms[kind]}" for kind in self.penalties]
        return [
            *self._measures(),
            "",
            "",
            "def train(n_steps):",
            '    """Take so many steps, and note the losses after each epoch."""',
            "    global epoch, step_in_epoch",
            "    for _ in range(n_steps):",
            "        rows = next(upcoming)",
            "        x, y = x_train[rows].T, t_train[rows].T",
            f"        gradients = backward(*{forward}, y)",
            *pull,
            f"        descend(gradients, {rate})",
            "        step_in_epoch += 1",
            "        if step_in_epoch == steps_per_epoch:",
            "            epoch, step_in_epoch = epoch + 1, 0",
            "            history.append((epoch, *measure()[:2]))",
            "",
            "",
            "epoch = step_in_epoch = 0",
            "history = [(epoch, *measure()[:2])]",
        ]

    def _measures(self) -> list[str]:
        config = self.told.recipe.latest_config
        if config.task == "regression":
            score = "1 - np.sum((a - y) ** 2) / np.sum((y - y.mean()) ** 2)"
            about = "R², the share of the targets' variance that is explained"
        else:
            right = "(a > 0.5) == (y > 0.5)" if config.layer_sizes[-1] == 1 else "a.argmax(0) == y.argmax(0)"
            score, about = f"np.mean({right})", "the share that it gets right"
        logits = "forward(x)[1][-1]"
        rows = "looked_at" if pieces.has_rows(config) else ""
        train = f"measure_on(x_train[{rows}], t_train[{rows}])" if rows else "measure_on(x_train, t_train)"
        test = "measure_on(x_test, t_test)" if config.n_test else "(math.nan, math.nan)"
        return [
            "def predict(X):",
            '    """Return what the network answers at points X, a row each."""',
            "    return output(forward(rows_of(X).T)[1][-1]).T",
            "",
            "",
            "def measure_on(x, t):",
            f'    """Return the loss and the score, {about}."""',
            "    x, y = x.T, t.T",
            f"    z = {logits}",
            "    a = output(z)",
            f"    return loss(z, y), float({score})",
            "",
            "",
            "def measure():",
            '    """Return training loss, test loss, training score, test score."""',
            f"    (train_loss, train_score), (test_loss, test_score) = {train}, {test}",
            "    return train_loss, test_loss, train_score, test_score",
        ]

    # -- changes on the way ----------------------------------------------------------------------------------------

    def written(self, each: Stretch | Change) -> list[str]:
        """Return the lines of a stretch of training, or of a change."""
        return [pieces.train_lines(each)] if isinstance(each, Stretch) else self.change(each)

    def change(self, change: Change) -> list[str]:
        """Return the lines that do what was done."""
        event, before, after = change.event, change.before, change.after
        if isinstance(event, NewSettings):
            return self._new_settings(before, after) or ["pass  # nothing that training goes by"]
        if isinstance(event, CarryOver):
            return self._carry_over(before, after)
        if isinstance(event, Edit):
            layer, row, column = place_of(before, event.index)
            return [f"network[{layer}][{-1 if row is None else row}, {column}] = {event.value!r}"]
        if isinstance(event, Place):
            return [
                f"place = {packed(event.parameters)}",
                "for layer in network:",
                "    layer[:], place = place[: layer.size].reshape(layer.shape), place[layer.size :]",
            ]
        assert isinstance(event, FreshOptimizer)
        return [
            "for layer in network:",
            "    layer[:] = layer.astype(np.float32)",
            "",
            *self.optimizer(after),
        ]

    def _new_settings(self, before: ExperimentConfig, after: ExperimentConfig) -> list[str]:
        lines: list[str] = []
        old, new = before.make_optimizer(), after.make_optimizer()
        if old.name != new.name:
            lines += [*self.optimizer(after), "", ""]
        elif old.hyperparameters | {"learning_rate": 0} != new.hyperparameters | {"learning_rate": 0}:
            if before.nesterov != after.nesterov and self._keeps_velocity:
                lines += [*self.optimizer(after, is_new=False), "", ""]
            else:
                names = [name for name, value in new.hyperparameters.items() if value != old.hyperparameters[name]]
                names = [name for name in names if name not in ("learning_rate", "nesterov")]
                lines += [f"{name} = {new.hyperparameters[name]!r}" for name in names]
        settings: list[tuple[str, Callable[[ExperimentConfig], float]]] = [
            ("learning_rate", lambda config: config.learning_rate),
            *((kind, lambda config, kind=kind: penalty_of(config, kind)) for kind in self.penalties),
        ]
        if self.has_dropout:
            settings.append(("dropout", lambda config: config.dropout))
        lines += [f"{name} = {of(after)!r}" for name, of in settings if of(before) != of(after)]
        if before.schedule != after.schedule:
            lines += ["", "", *pieces.schedule_lines(after)]
        return lines

    def _carry_over(self, before: ExperimentConfig, after: ExperimentConfig) -> list[str]:
        """Return the lines that go on with other data, another loss, or in other batches."""
        lines: list[str] = []
        if before.data != after.data:
            lines += [*pieces.data_lines(after), "", "", *pieces.input_lines(after), "", "", *self.sets(after)]
        if before.resolved_loss != after.resolved_loss:
            lines += ["", "", *self.loss(after), "", ""]
        lines += [*pieces.batch_lines(after), "step_in_epoch = 0"]
        if self.has_dropout:
            lines.append(f"silence = np.random.default_rng([{pieces.STREAMS['dropout']}, {after.seed}])")
        return [*lines, *self._new_settings(before, after)]


def penalty_of(config: ExperimentConfig, kind: str) -> float:
    return config.regularization_rate if config.regularizer == kind else 0.0

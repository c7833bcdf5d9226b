"""The notebook that trains a run again with PyTorch: the same data, first weights, order of samples and steps."""

from __future__ import annotations

from collections.abc import Iterator

from nnplay.experiment.config.config import ExperimentConfig
from nnplay.experiment.export.notebooks import about, formulas, pieces
from nnplay.experiment.export.notebooks.cells import Cell, code, words
from nnplay.experiment.export.notebooks.checking import Checking, course_cells
from nnplay.experiment.export.notebooks.embedding import UNPACK, packed
from nnplay.experiment.export.notebooks.layers import place_of
from nnplay.experiment.export.notebooks.pictures import picture_cells
from nnplay.experiment.export.notebooks.telling import Change, Told
from nnplay.experiment.export.notebooks.with_numpy import Writer
from nnplay.experiment.recording.recipe import CarryOver, Edit, FreshOptimizer, NewSettings, Place

_HOW = """This notebook trains a network of nnplay again with PyTorch. First weights, order of the samples and dropout
come from nnplay's streams of random numbers, and each optimiser is set so that its steps are nnplay's. It ends at the
losses that the page showed; rounding differs a little."""
_KINDS = {"rmsprop": "RMSprop", "adagrad": "Adagrad", "adam": "Adam"}


def cells(told: Told, check: Checking) -> Iterator[Cell]:
    """Yield the cells."""
    config = told.config
    writer = TorchWriter(told)
    yield about.head(
        told, " ".join(_HOW.split()), "PyTorch, NumPy and Matplotlib: `pip install torch numpy matplotlib`"
    )
    yield code(
        "import base64", "import math", "import zlib", "", "import matplotlib.pyplot as plt", "import numpy as np",
        "import torch", "import torch.nn.functional as F", "",
        f"torch.set_default_dtype(torch.{config.dtype})",
        "torch.set_num_threads(1)  # for so small a network, more only get into each other's way", "", "", UNPACK,
    )  # fmt: skip
    yield words("## The data\n\nEach sample is a row of `X`. The folded cell holds them, digit for digit.")
    yield code(pieces.data_lines(config), is_folded=True)
    yield code(pieces.input_lines(config), ["", ""], writer.columns())
    yield words("## The network\n\nThe first weights are nnplay's; biases begin at 0.")
    yield code(writer.network())
    yield words(f"## Loss and optimiser\n\n{writer.about_optimizer(config)}")
    yield code(writer.loss(config), ["", ""], writer.optimizer(config))
    yield words("## Train")
    yield code(writer.settings(config), pieces.batch_lines(config), ["", ""], writer.training())
    yield from course_cells(told, check, "measure()", writer.written)
    yield from picture_cells(told)


class TorchWriter(Writer):
    """Writes the lines of a run for PyTorch; what is the same as for NumPy is inherited."""

    def columns(self) -> list[str]:
        """Return the lines that make tensors of the samples."""
        config, n_outputs = self.config, self.config.layer_sizes[-1]
        inputs = "inputs(X)" if pieces.input_lines(config) else "X"
        targets = "y[:, None]" if config.task == "regression" or n_outputs == 1 else f"np.eye({n_outputs})[y]"
        return [
            "def rows_of(X):",
            '    """Return what the network is fed with for points X, as a tensor."""',
            f"    return torch.tensor({inputs}, dtype=torch.{config.dtype})",
            "",
            "",
            "def targets_of(y):",
            '    """Return what the outputs should be, a row for each sample."""',
            f"    return torch.tensor({targets}, dtype=torch.{config.dtype})",
            "",
            "",
            *self.sets(config),
        ]

    def network(self) -> list[str]:
        """Return the lines of the network, and what it begins with."""
        config = self.config
        *before, value = formulas.first_weights(config.initializer)
        bias = "" if config.bias else ", bias=False"
        rng = []
        if "rng" in value:
            rng = [f"        rng = np.random.default_rng([{pieces.STREAMS['first weights']}, {config.seed}])"]
        lines = [*self._activation_functions()]
        if self.has_dropout:
            lines += [f"silence = np.random.default_rng([{pieces.STREAMS['dropout']}, {config.seed}])", "", ""]
        return [
            *lines,
            "class Network(torch.nn.Module):",
            '    """Layers of weighted sums, and what becomes of them."""',
            "",
            "    def __init__(self, sizes):",
            "        super().__init__()",
            "        self.layers = torch.nn.ModuleList()",
            *rng,
            "        for n_in, n_out in zip(sizes, sizes[1:]):",
            *(f"            {line}" for line in before),
            f"            weights = {value}",
            f"            layer = torch.nn.Linear(n_in, n_out{bias})",
            "            with torch.no_grad():",
            "                layer.weight[:] = torch.from_numpy(weights.T)",
            *(["                layer.bias[:] = 0"] if config.bias else []),
            "            self.layers.append(layer)",
            "",
            *self._forward(),
            "",
            "",
            "def output(z):",
            '    """Return the network\'s answers for the last sums z, a row for each sample."""',
            f"    return {formulas.OUTPUTS[config.resolved_output][1]}",
            "",
            "",
            f"network = Network({list(config.layer_sizes)})",
            "network",
        ]

    def _activation_functions(self) -> list[str]:
        if not self.activations:
            return []
        forms = {str(each): formulas.written(each).torch for each in self.activations}
        if not self.is_mixed:
            (form,) = forms.values()
            about = f'    """Return the activations for sums z: {self.activations[0].name}."""'
            return ["def activate(z):", about, f"    return {form}", "", ""]
        named = [f"    lambda z: {forms[str(each)]}," for each in self.activations]
        return ["activate = [  # of each hidden layer", *named, "]", "", ""]

    def _forward(self) -> list[str]:
        x = "x, dropout=0.0" if self.has_dropout else "x"
        lines = [f"    def forward(self, {x}):", '        """Return the last sums z, a row for each sample."""']
        if self.is_mixed:
            lines.append("        for layer, g in zip(self.layers[:-1], activate):")
            lines.append("            x = g(layer(x))")
        elif self.activations:
            lines.append("        for layer in self.layers[:-1]:")
            lines.append("            x = activate(layer(x))")
        if self.has_dropout:
            lines += [
                "            if dropout:",
                "                mask = (silence.random(tuple(x.T.shape)) >= dropout) * (1 / (1 - dropout))",
                "                x = x * torch.tensor(mask.T, dtype=x.dtype)",
            ]
        return [*lines, "        return self.layers[-1](x)"]

    def loss(self, config: ExperimentConfig) -> list[str]:
        """Return the lines of the loss."""
        form = formulas.LOSSES[config.resolved_loss]
        return [
            "def loss(z, y):",
            f'    """Return the {config.resolved_loss.replace("_", " ")} of the last sums z."""',
            *(["    a = output(z)"] if form.is_through_output else []),
            f"    return {form.torch}",
        ]

    # -- the optimizer ---------------------------------------------------------------------------------------------

    @property
    def _is_written_out(self) -> bool:
        """Whether momentum is written out: its velocity remembers steps, PyTorch's remembers slopes.

        As long as the rate stays the same, that is no difference.
        """
        mine = [config for config in self.told.configs if config.make_optimizer().name == "sgd"]
        rates = {(config.learning_rate, config.schedule, config.momentum, config.nesterov) for config in mine}
        is_steady = len(rates) == 1 and all(config.schedule == "constant" for config in mine)
        return self._keeps_velocity and not is_steady

    def about_optimizer(self, config: ExperimentConfig) -> str:
        """Return what stands above the optimizer."""
        name = config.make_optimizer().name
        if name == "adam":
            return (
                "nnplay's Adam adds epsilon before it corrects the averages, PyTorch's afterwards. So PyTorch gets "
                "another epsilon at each step, and both do the same."
            )
        if name == "sgd" and self._is_written_out:
            return (
                "The learning rate changes on the way. nnplay's velocity remembers the steps that were taken, "
                "PyTorch's the slopes without the rate: so momentum is written out here."
            )
        return "PyTorch's optimiser takes the same steps as nnplay's."

    def optimizer(self, config: ExperimentConfig, is_new: bool = True) -> list[str]:
        """Return the lines that take a step; with `is_new` the optimizer remembers nothing yet."""
        made = config.make_optimizer()
        values = {
            name: value for name, value in made.hyperparameters.items() if name not in ("learning_rate", "nesterov")
        }
        step = ["def descend(rate):", '    """Take a step."""']
        if made.name == "sgd" and self._is_written_out:
            take = ["        p.add_(v)"]
            if config.nesterov:
                take = ["        p.sub_(rate * p.grad).add_(momentum * v)  # Nesterov: a look ahead"]
            return [
                f"momentum = {values['momentum']!r}",
                *["velocity = [torch.zeros_like(p) for p in network.parameters()]"] * is_new,
                "", "",
                "@torch.no_grad()",
                *step,
                "    for p, v in zip(network.parameters(), velocity):",
                "        v.mul_(momentum).sub_(rate * p.grad)",
                *take,
            ]  # fmt: skip
        steps = ['    optimizer.param_groups[0]["lr"] = rate', "    optimizer.step()"]
        if made.name == "sgd":
            given = f", momentum={config.momentum!r}" if config.momentum else ""
            given += ", nesterov=True" if config.nesterov and config.momentum else ""
            made_new = f"optimizer = torch.optim.SGD(network.parameters(), lr={config.learning_rate!r}{given})"
        elif made.name == "adam":
            lines = [f"{name} = {value!r}" for name, value in values.items()]
            made_new = "optimizer = torch.optim.Adam(network.parameters(), betas=(beta_1, beta_2))"
            steps = [
                "    global n_updates",
                "    n_updates += 1",
                "    equal_epsilon = epsilon / math.sqrt(1 - beta_2**n_updates)",
                "    optimizer.param_groups[0].update(lr=rate, betas=(beta_1, beta_2), eps=equal_epsilon)",
                "    optimizer.step()",
            ]
            return [*lines, *[made_new, "n_updates = 0"] * is_new, "", "", *step, *steps]
        else:
            renamed = {"decay": "alpha", "epsilon": "eps"}
            given = "".join(f", {renamed[name]}={value!r}" for name, value in values.items())
            kind = _KINDS[made.name]
            made_new = f"optimizer = torch.optim.{kind}(network.parameters(), lr={config.learning_rate!r}{given})"
        return [made_new, "", "", *step, *steps]

    # -- training --------------------------------------------------------------------------------------------------

    def training(self) -> list[str]:
        """Return the lines that measure, and train."""
        rate = "learning_rate * schedule(epoch)" if self.has_schedule else "learning_rate"
        forward = "network(x_train[rows], dropout)" if self.has_dropout else "network(x_train[rows])"
        terms = {"l1": "l1 * layer.weight.abs().sum()", "l2": "0.5 * l2 * layer.weight.square().sum()"}
        pull = []
        if self.penalties:
            pull = ["        for layer in network.layers:"]
            pull += [f"            cost = cost + {terms[kind]}" for kind in self.penalties]
        return [
            *self._measures(),
            "",
            "",
            "def train(n_steps):",
            '    """Take so many steps, and note the losses after each epoch."""',
            "    global epoch, step_in_epoch",
            "    for _ in range(n_steps):",
            "        rows = next(upcoming)",
            f"        cost = loss({forward}, t_train[rows])",
            *pull,
            "        network.zero_grad()",
            "        cost.backward()",
            f"        descend({rate})",
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
            score = "1 - ((a - y) ** 2).sum() / ((y - y.mean()) ** 2).sum()"
            about = "R², the share of the targets' variance that is explained"
        else:
            right = "(a > 0.5) == (y > 0.5)" if config.layer_sizes[-1] == 1 else "a.argmax(1) == y.argmax(1)"
            score, about = f"({right}).double().mean()", "the share that it gets right"
        rows = "looked_at" if pieces.has_rows(config) else ""
        train = f"measure_on(x_train[{rows}], t_train[{rows}])" if rows else "measure_on(x_train, t_train)"
        test = "measure_on(x_test, t_test)" if config.n_test else "(math.nan, math.nan)"
        return [
            "@torch.no_grad()",
            "def predict(X):",
            '    """Return what the network answers at points X, a row each."""',
            "    return output(network(rows_of(X))).numpy()",
            "",
            "",
            "@torch.no_grad()",
            "def measure_on(x, y):",
            f'    """Return the loss and the score, {about}."""',
            "    z = network(x)",
            "    a = output(z)",
            f"    return float(loss(z, y)), float({score})",
            "",
            "",
            "def measure():",
            '    """Return training loss, test loss, training score, test score."""',
            f"    (train_loss, train_score), (test_loss, test_score) = {train}, {test}",
            "    return train_loss, test_loss, train_score, test_score",
        ]

    # -- changes on the way ----------------------------------------------------------------------------------------

    def change(self, change: Change) -> list[str]:
        """Return the lines that do what was done."""
        event, before, after = change.event, change.before, change.after
        if isinstance(event, NewSettings | CarryOver):
            return super().change(change)
        if isinstance(event, Edit):
            layer, row, column = place_of(before, event.index)
            target = f"bias[{column}]" if row is None else f"weight[{column}, {row}]"
            return ["with torch.no_grad():", f"    network.layers[{layer}].{target} = {event.value!r}"]
        if isinstance(event, Place):
            return [
                f"place = {packed(event.parameters)}",
                "with torch.no_grad():",
                "    for layer in network.layers:",
                "        n_out, n_in = layer.weight.shape",
                "        layer.weight[:] = torch.tensor(place[: n_in * n_out].reshape(n_in, n_out).T)",
                "        place = place[n_in * n_out :]",
                *(["        layer.bias[:], place = torch.tensor(place[:n_out]), place[n_out:]"] if before.bias else []),
            ]
        assert isinstance(event, FreshOptimizer)
        return [
            "with torch.no_grad():",
            "    for p in network.parameters():",
            "        p[:] = p.float()",
            "",
            *self.optimizer(after),
        ]

    def _new_settings(self, before: ExperimentConfig, after: ExperimentConfig) -> list[str]:
        lines = super()._new_settings(before, after)
        old, new = before.make_optimizer(), after.make_optimizer()
        if old.name != new.name or new.name == "adam" or (new.name == "sgd" and self._is_written_out):
            return lines
        # PyTorch's optimizer keeps these itself.
        renamed = {"decay": "alpha", "epsilon": "eps", "momentum": "momentum"}
        changed = {
            renamed[name]: value
            for name, value in new.hyperparameters.items()
            if name in renamed and value != old.hyperparameters[name]
        }
        names = tuple(f"{name} = " for name in renamed)
        lines = [line for line in lines if not line.startswith(names)]
        if changed:
            given = ", ".join(f"{name}={value!r}" for name, value in changed.items())
            lines.append(f"optimizer.param_groups[0].update({given})")
        return lines

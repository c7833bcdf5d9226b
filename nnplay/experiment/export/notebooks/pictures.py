"""What a notebook draws: the losses, and what the network has learned."""

from __future__ import annotations

from nnplay.experiment.config.config import ExperimentConfig
from nnplay.experiment.export.notebooks.cells import Cell, code, words
from nnplay.experiment.export.notebooks.telling import Told


def picture_cells(told: Told) -> list[Cell]:
    """Return the cells that draw the losses, and what the network has learned.

    They use `history`, rows of epoch, training loss and test loss; `predict`, which takes points; X_train and so on.
    """
    config = told.recipe.latest_config
    has_test = bool(config.n_test)
    lines = [
        *(["from matplotlib.colors import LinearSegmentedColormap", ""] if _is_two_coloured(config) else []),
        "figure, (left, right) = plt.subplots(1, 2, figsize=(12, 4.8))",
        "epochs, train_loss, test_loss = zip(*history)",
        'left.plot(epochs, train_loss, color="#555555", label="train")',
        *(['left.plot(epochs, test_loss, "--", color="#c23b80", label="test")'] if has_test else []),
        'left.set(xlabel="epoch", ylabel="loss")',
        "left.legend()",
        *_learned(config),
        "plt.show()",
    ]
    return [words("## Look at it"), code(lines)]


def _is_two_coloured(config: ExperimentConfig) -> bool:
    is_plane = config.data.has_plane and config.data.n_coordinates == 2
    return is_plane and config.task == "classification" and config.layer_sizes[-1] == 1


def _learned(config: ExperimentConfig) -> list[str]:
    n = config.data.n_coordinates
    is_flat = config.data.has_plane and n <= 2
    if is_flat and n == 1:
        return _curve(config)
    if is_flat:
        return _boundary(config)
    if config.task == "regression":
        return [
            "right.scatter(y_train, predict(X_train)[:, 0], s=12, alpha=0.6)",
            'right.axline((y_train.mean(), y_train.mean()), slope=1, color="#999999")',
            'right.set(xlabel="target", ylabel="what the network answers")',
        ]
    classes = (
        "predict(X_train).argmax(1)" if config.layer_sizes[-1] > 1 else "(predict(X_train)[:, 0] > 0.5).astype(int)"
    )
    return [
        "counts = np.zeros((len(class_names), len(class_names)), int)",
        f"np.add.at(counts, (y_train, {classes}), 1)",
        'right.imshow(counts, cmap="Blues")',
        "for row, column in np.ndindex(counts.shape):",
        '    colour = "white" if counts[row, column] > counts.max() / 2 else "black"',
        '    right.text(column, row, counts[row, column], ha="center", va="center", color=colour)',
        "right.set_xticks(range(len(class_names)), class_names, rotation=45)",
        "right.set_yticks(range(len(class_names)), class_names)",
        'right.set(xlabel="what the network says", ylabel="class")',
    ]


def _curve(config: ExperimentConfig) -> list[str]:
    ((low, high),) = config.data.plane(config.features).domain
    lines = [f"x = np.linspace({low}, {high}, 400)[:, None]"]
    if config.task == "regression":
        return [
            *lines,
            'right.scatter(X_train[:, 0], y_train, s=12, color="#3b76af")',
            'right.plot(x[:, 0], predict(x)[:, 0], color="#ef8536")',
            'right.set(xlabel="x", ylabel="y")',
        ]
    return [
        *lines,
        'right.scatter(X_train[:, 0], y_train / (len(class_names) - 1), c=y_train, cmap="tab10", s=12)',
        'right.plot(x[:, 0], predict(x), color="#555555")',
        'right.set(xlabel="x", ylabel="probability")',
    ]


def _boundary(config: ExperimentConfig) -> list[str]:
    (x_low, x_high), (y_low, y_high) = config.data.plane(config.features).domain
    lines = [
        f"x1, x2 = np.meshgrid(np.linspace({x_low}, {x_high}, 200), np.linspace({y_low}, {y_high}, 200))",
        "outputs = predict(np.column_stack([x1.ravel(), x2.ravel()]))",
    ]
    if config.task == "regression":
        lines += [
            'surface = right.contourf(x1, x2, outputs.reshape(x1.shape), 30, cmap="RdBu_r")',
            "figure.colorbar(surface)",
        ]
        points = 'right.scatter(*X_train.T, c=y_train, cmap="RdBu_r", edgecolors="white", s=25, linewidths=0.6)'
    elif _is_two_coloured(config):
        lines += [
            'colours = LinearSegmentedColormap.from_list("", ["#7fa4c9", "#f6f5f0", "#f4b184"])',
            "outputs = outputs.reshape(x1.shape)",
            "surface = right.contourf(x1, x2, outputs, np.linspace(0, 1, 31), cmap=colours)",
            'right.contour(x1, x2, outputs, [0.5], colors="#333333", linewidths=1)',
            "figure.colorbar(surface, ticks=[0, 0.5, 1])",
            'of_class = np.array(["#3b76af", "#ef8536"])[y_train]',
        ]
        points = 'right.scatter(*X_train.T, c=of_class, edgecolors="white", s=25, linewidths=0.6)'
    else:
        lines += [
            'right.pcolormesh(x1, x2, outputs.argmax(1).reshape(x1.shape), cmap="tab10", vmin=0, vmax=9, alpha=0.4)'
        ]
        look = 'cmap="tab10", vmin=0, vmax=9, edgecolors="white", s=25, linewidths=0.6'
        points = f"right.scatter(*X_train.T, c=y_train, {look})"
    return [*lines, points, 'right.set(xlabel="x1", ylabel="x2", aspect="equal")']

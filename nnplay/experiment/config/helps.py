"""What the controls of the settings say: what each is, and what too little and too much of it look like.

A row of :mod:`nnplay.experiment.config.fields` names the one that is its own.
"""

from __future__ import annotations

from nnplay.wording import Help

DATASET = Help(
    "What the network learns from.",
    when="Start with an easy one. Each teaches something else.",
)
N_SAMPLES = Help(
    "How many points there are, for training and testing together.",
    "Too few: the network learns them by heart, and its guesses between them are poor.",
    "Too many: each epoch takes longer, and the result hardly gets better.",
    shows=(50, 1000),
)
NOISE = Help(
    "How far the points are scattered at random, as a standard deviation.",
    "None: a clean shape, which real data never have.",
    "A lot: the classes overlap, and no network gets every point right.",
    shows=(0.0, 0.35),
)
N_ROWS = Help(
    "How many images the network is trained on.",
    "Too few: it learns them by heart, and reads new images badly.",
    "Many: new images are read better, but each epoch takes longer.",
    shows=(1000, 0),
)
TEST_FRACTION = Help(
    "The share of the {samples} that is kept for testing. The network never trains on them.",
    "Too small: the test loss is mostly luck.",
    "Too large: little is left to learn from.",
    shows=(0.05, 0.9),
)
STANDARDISE = Help(
    "Shifts and scales each column, and a numeric target, to mean 0 and standard deviation 1 over the training "
    "rows. Inputs that mark a word or a missing value stay 0 and 1.",
    when="Leave it on for most tables. Off: columns with large numbers drown out the others.",
)
LOG_TARGET = Help(
    "Trains on the logarithm of the target, so that errors count in per cent rather than as amounts.",
    when="For positive targets that span a wide range, such as prices.",
)
COLUMNS = Help(
    "The columns that the network sees.",
    "Too few: what it would need to know is missing.",
    "Too many: columns that say nothing make it easy to overfit.",
)
FEATURES = Help(
    "What the network sees of each point. The coordinates run from about −1 to 1, so nothing is scaled.",
    "Too few: the hidden layers have to find the shape by themselves.",
    "Too many: the shape comes at once, but so does overfitting.",
    shows=(("x1", "x2"), ("x1", "x2", "x1**2", "x2**2", "x1*x2", "sin(x1)", "sin(x2)")),
)
HIDDEN_SIZES = Help(
    "How many layers there are between inputs and output.",
    "None: the boundary can only be a straight line.",
    "Too many: each step takes longer, and the first layers hardly learn.",
    shows=((), (8, 8, 8, 8, 8, 8)),
)
ACTIVATION = Help(
    "The function that each hidden unit applies to its weighted sum. Its bend is what lets a network draw curves.",
    when="Tanh or ReLU suit most problems. With identity, any number of layers can only draw straight lines.",
)
OUTPUT = Help(
    "Turns the last layer's sums into the prediction.",
    when="Automatic suits the data: sigmoid for two classes, softmax for more, identity for numbers.",
)
LOSS = Help(
    "How an error is counted; training makes the total as small as it can.",
    when="Automatic suits the data: cross-entropy for classes, mean squared error for numbers.",
)
INITIALIZER = Help(
    "How the weights are drawn before the first step.",
    "Too small: signals fade from layer to layer, and learning starts slowly or never.",
    "Too large: units saturate, or the loss explodes.",
    shows=("normal(std=0.01)", "normal(std=5.0)"),
)
BIAS = Help(
    "A number that each unit adds to its sum, so that its line can lie anywhere.",
    when="Leave it on. Off: every unit's line passes through the origin.",
)
DTYPE = Help(
    "How exactly numbers are kept: float64 to about 16 digits, float32 to about 7.",
    when="float32 is faster for large networks. For small ones, float64 costs nothing.",
)
OPTIMIZER = Help(
    "How the gradient becomes a step. SGD takes it as it is; RMSProp, Adagrad and Adam give each weight a step "
    "size of its own.",
    when="SGD with momentum is the easiest to understand. Adam often learns fast without much tuning.",
)
NESTEROV = Help(
    "Looks ahead: the gradient is taken where momentum is about to lead.",
    when="Switch it on when momentum overshoots.",
)
LEARNING_RATE = Help(
    "How large a step the weights take after each batch.",
    "Too small: the loss falls very slowly.",
    "Too large: the loss jumps up and down, or explodes.",
    shows=(0.0003, 3.0),
)
MOMENTUM = Help(
    "How much of the last step is carried into the next, like a ball that keeps rolling.",
    "Too little: slow progress along flat valleys.",
    "Too much: it rolls past the best point and swings back.",
    shows=(0.0, 0.99),
)
SCHEDULE = Help(
    "How the learning rate changes from epoch to epoch.",
    when="Lower it when the loss jitters late in training. Lowered too early, learning stalls.",
)
REGULARIZER = Help(
    "A penalty on large weights, which keeps the boundary smooth. L1 turns weights off, L2 shrinks them all.",
    when="Use it when the test loss rises while the training loss still falls.",
)
REGULARIZATION_RATE = Help(
    "How strong the penalty on large weights is.",
    "Too small: no effect.",
    "Too large: the weights shrink so far that little is learned.",
    shows=(
        {"regularizer": "l2", "regularization_rate": 0.0001},
        {"regularizer": "l2", "regularization_rate": 0.3},
    ),
)
DROPOUT = Help(
    "The share of the hidden units that is switched off at random in each step.",
    "Too little: no protection against overfitting.",
    "Too much: too few units are left to learn with.",
    shows=(0.0, 0.8),
)
BATCH_SIZE = Help(
    "How many {samples} go into each step.",
    "Too small: many noisy steps, and the loss jitters.",
    "Too large: few steps per epoch, so each epoch brings little.",
    shows=(1, None),
)
SHUFFLE = Help(
    "Puts the {samples} into a new order for each epoch.",
    when="Leave it on. Off: every epoch has the same batches, and what they have in common misleads.",
)
SEED = Help(
    "The number that all chance comes from. The same seed gives the same run: data, first weights, order of the "
    "{samples}.",
    when="Change it to see how much of a result is luck.",
)
DATA_SEED = Help(
    "The number that the data and the split alone come from. Empty: as the seed.",
    when="Set it to learn from the same {samples} with other first weights.",
)
MAX_EPOCHS = Help(
    "The run stops after this many epochs. Empty: no limit.",
    "Too few: it stops while it is still learning.",
    "Too many: nothing more is learned, or the network overfits.",
)
TARGET_LOSS = Help(
    "The run stops after the first epoch with a training loss this low. Empty: no target.",
    "Too low: never reached, and the run goes on.",
    "Too high: reached before much is learned.",
)
PATIENCE = Help(
    "The run stops when the test loss hasn't improved for this many epochs (the training loss, if there are no "
    "test {samples}). Empty: never.",
    "Too few: it stops on a short plateau.",
    "Too many: it keeps overfitting.",
)

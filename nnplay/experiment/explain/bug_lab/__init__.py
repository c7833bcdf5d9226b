"""The bug lab: training runs with a planted fault, and the evidence by which it is found."""

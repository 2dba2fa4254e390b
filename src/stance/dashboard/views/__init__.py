"""One module per view of the board; each places widgets, and asks `queries` and `charts` for everything else."""

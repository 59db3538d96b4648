"""Copies of the plan on paper: each for one named recipient, made by the documents worker, kept with its hash."""

"""The threshold discussion and the strategy discussion."""

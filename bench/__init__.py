"""Measures the program: how long pages take on a small and on a big city, what safety costs, how it starts."""

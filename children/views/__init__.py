"""Pages about one child."""

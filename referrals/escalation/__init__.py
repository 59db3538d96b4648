"""The one route by which a child is taken to social care (BR-04)."""

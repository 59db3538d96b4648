"""The API under /api/v1/: the same selectors, services and walls as the pages, as JSON."""

"""The project: settings, URLs, Celery, and the pages that look across packages."""

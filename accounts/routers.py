"""Which connection the cache uses."""

from typing import Any

CACHE = "django_cache"  # Django's own label for the cache's table


class CountsApart:
    """Failed sign-ins are counted outside the request's transaction: no error that rolls it back wipes them out."""

    def db_for_read(self, model: Any, **hints: Any) -> str | None:
        return "ledger" if model._meta.app_label == CACHE else None

    db_for_write = db_for_read

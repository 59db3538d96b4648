from typing import Any

from django.db.backends.postgresql import base

from access.principal import current_token


class DatabaseWrapper(base.DatabaseWrapper):
    """Opens each transaction with the signed principal, local to that transaction.

    Outside a transaction there is no principal, so case tables are empty there: fail closed.
    """

    def _set_autocommit(self, autocommit: bool) -> None:  # noqa: FBT001 -- Django's signature
        super()._set_autocommit(autocommit)  # type: ignore[misc]
        if not autocommit:
            self.stamp_principal()

    def stamp_principal(self) -> None:
        """Writes the current principal into the open transaction; an empty stamp when there is none."""
        with self.connection.cursor() as cursor:
            cursor.execute("SELECT set_config('app.principal', %s, true)", [current_token()])

    def get_connection_params(self) -> dict[str, Any]:
        params: dict[str, Any] = super().get_connection_params()
        # Planning a page's statements anew, with both walls in them, takes longer than what values would teach a plan.
        params["options"] = f"{params.get('options', '')} -c jit=off -c plan_cache_mode=force_generic_plan".strip()
        return params

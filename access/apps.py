import hashlib
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.db import connections
from django.db.models.signals import post_migrate

CARRY_ON = """
UPDATE sec.ledger_base SET base = last.position - pg_current_xact_id()::text::bigint + 1
FROM (SELECT max(position) AS position FROM access_auditevent) AS last
WHERE last.position > pg_current_xact_id()::text::bigint + base
"""


def mirror_into_database(using: str, **kwargs: Any) -> None:
    """After each migration, by the owner: the access matrix, where each role may be, and the signing key.

    And the ledger goes on after its last line, also where the database was restored into a server that counts anew.
    """
    from access.principal import key_bytes  # noqa: PLC0415 -- apps are not ready when this module loads
    from access.roles import role_action_rows  # noqa: PLC0415 -- the same
    from accounts.roles import AGENCY_KINDS  # noqa: PLC0415 -- the same

    key = key_bytes(settings.PRINCIPAL_KEY)
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT to_regclass('sec.ledger_base')")
        if cursor.fetchone()[0] is None:
            return
        cursor.execute(CARRY_ON)
        cursor.execute("DELETE FROM sec.role_action")
        cursor.executemany("INSERT INTO sec.role_action VALUES (%s, %s, %s, %s, %s)", role_action_rows())
        cursor.execute("DELETE FROM sec.role_agency")
        places = [(str(role), str(kind)) for role, kinds in AGENCY_KINDS.items() for kind in kinds]
        cursor.executemany("INSERT INTO sec.role_agency VALUES (%s, %s)", places)
        cursor.execute("DELETE FROM sec.key")
        cursor.execute("INSERT INTO sec.key VALUES (%s, %s)", [hashlib.sha256(key).hexdigest()[:16], key])


class AccessConfig(AppConfig):
    name = "access"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        post_migrate.connect(mirror_into_database, sender=self)
        from access import sign_in_events  # noqa: F401, PLC0415 -- connects the ledger to signing in
        from access.postgres import lookups  # noqa: F401, PLC0415 -- registers them

"""The environment of tests: a server of their own, which may lose its data."""

import os

from launch import postgres
from launch.paths import LOCAL

TEST_DATA = LOCAL / "test-postgres"


def environment() -> dict[str, str]:
    """Every variable the tests need; starts the test server when it is not running."""
    admin = os.environ.get("CRE_TEST_ADMIN_URL") or postgres.start(TEST_DATA, quick=True)
    base = admin.rsplit("/", 1)[0].replace("postgres://postgres@", "postgres://cre_test@")
    return {
        "CRE_TEST_ADMIN_URL": admin,
        "DATABASE_URL": f"{base}/postgres",
        "SECRET_KEY": "only for tests, and long enough for the checks of a deployment",
        "PRINCIPAL_KEY": "only for tests as well, and another one than the key above",
        "REDIS_URL": "redis+socket:///there/is/none.sock",
        "SECURE": "0",
        "SECOND_FACTOR": "0",  # its own tests turn it on
    }

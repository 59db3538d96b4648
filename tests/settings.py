"""The project's settings on the test server, with a quick password hash."""

import os

from launch.testing import environment

for name, value in environment().items():
    os.environ.setdefault(name, value)

from cre_case.settings import *  # noqa: E402, F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# Tests assert what a page says, not where a hashed file ended up.
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
NOT_FOUND_MILLISECONDS = 0  # its own test sets what is real
# A session of a whole test module is older than minutes. Its own tests set what is real.
STEP_UP_MINUTES = 600
# The journeys' server serves the built files as they are, never collected ones.
STATIC_ROOT = None
WHITENOISE_USE_FINDERS = True
# Its pages are there; an issuer to go to is in `tests/accounts/test_single_sign_on.py`.
SINGLE_SIGN_ON = "Derby account"

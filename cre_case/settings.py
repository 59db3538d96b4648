"""Settings. Every deployment value comes from the environment; the defaults are safe.

`make run` sets all of them for one machine; docs/operating.md lists them.
"""

import hashlib
import json
import os
from pathlib import Path
from urllib.parse import urljoin

import dj_database_url
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent


def required(name: str) -> str:
    """An environment variable without which the program must not start."""
    try:
        return os.environ[name]
    except KeyError:
        raise ImproperlyConfigured(f"Set the environment variable {name}; see docs/operating.md.") from None


DEBUG = False
SECRET_KEY = required("SECRET_KEY")
# Signs the principal that row-level security believes. Never the same as SECRET_KEY.
PRINCIPAL_KEY = required("PRINCIPAL_KEY")
ALLOWED_HOSTS = os.environ.get("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]").split(",")
CSRF_TRUSTED_ORIGINS = [origin for origin in os.environ.get("TRUSTED_ORIGINS", "").split(",") if origin]
# True behind TLS. `make run` serves plain HTTP on loopback and turns it off.
SECURE = os.environ.get("SECURE", "1") == "1"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "csp",
    "guardian",
    "rest_framework",
    "drf_spectacular",
    "ui",
    "accounts",
    "access",
    "deadlines",
    "children",
    "duties",
    "assessments",
    "plans",
    "meetings",
    "referrals",
    "subject_access",
    "cre_case",
]

MIDDLEWARE = [
    "access.middleware.NotFoundInEqualTime",
    "accounts.middleware.ClientAddress",
    "ui.headers.PermissionsPolicy",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.middleware.SessionLimits",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "access.middleware.Principal",
    "accounts.middleware.OneTimePassword",
    "accounts.middleware.SecondFactor",
    "access.middleware.DeclaredAccess",
    "access.middleware.NoStore",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "cre_case.urls"
WSGI_APPLICATION = "cre_case.wsgi.application"

TEMPLATES = [
    {
        "NAME": "jinja",
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "environment": "ui.jinja.environment",
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "cre_case.navigation.navigation",
            ],
        },
    },
    {
        # For what libraries bring; our own pages are Jinja.
        "NAME": "django",
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": ["django.template.context_processors.request"]},
    },
]

_runtime = dj_database_url.parse(required("DATABASE_URL"), engine="access.postgres")
_clock = dj_database_url.parse(
    os.environ.get("DATABASE_WORKER_URL") or required("DATABASE_URL"), engine="access.postgres"
)
# A new connection has everything to learn, so it is kept, and asked before each request whether it still stands.
_kept = {"CONN_MAX_AGE": 1800, "CONN_HEALTH_CHECKS": True}
# A statement that comes again is prepared, so that the database need not plan it each time. Django's default is off.
_runtime["OPTIONS"] = {**_runtime.get("OPTIONS", {}), "server_side_binding": True, "prepare_threshold": 1}
DATABASES = {
    "default": {**_runtime, **_kept, "ATOMIC_REQUESTS": True},
    # Denials are written here, outside the request's transaction, so that its rollback cannot erase them.
    "ledger": {**_runtime, **_kept, "ATOMIC_REQUESTS": False},
    # The clock: a role that sees what is due and whom to tell, and no child. Values stand in its statements, so that
    # the planner sees that an index of what is open, or not sent yet, will do.
    "clock": {**_clock, **_kept, "ATOMIC_REQUESTS": False},
}

CACHES = {
    # Counts failed sign-ins, so it must outlive a lost Redis and be shared by all processes.
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache",
        # A full cache throws counts away. So many names cannot be tried while a count lasts.
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    },
}
DATABASE_ROUTERS = ["accounts.routers.CountsApart"]

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
# Rights on entries of the service directory are asked for in referrals/maintainers.py alone: no account for somebody
# unknown, nothing added to accounts, and no backend, so that `has_perm` never answers yes.
ANONYMOUS_USER_NAME = None
GUARDIAN_MONKEY_PATCH_USER = GUARDIAN_MONKEY_PATCH_GROUP = False
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("username", "name", "email")},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
BREACHED_PASSWORDS = os.environ.get("BREACHED_PASSWORDS", "")
if BREACHED_PASSWORDS:
    AUTH_PASSWORD_VALIDATORS += [
        {"NAME": "accounts.passwords.KnownFromBreaches", "OPTIONS": {"path": BREACHED_PASSWORDS}}
    ]

LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
# Failed sign-ins from one address, and on one name (accounts/lockout.py). Signing in as such is not limited: a whole
# council arrives at nine o'clock from one address.
ACCOUNT_RATE_LIMITS = {"login": None, "login_failed": "20/m/ip,5/300s/key", "change_password": "5/m/user"}
# The same for a browser that the person has signed in from before.
KNOWN_BROWSER_RATES = {"login_failed": "5/300s/key"}
KNOWN_BROWSER_COOKIE = "__Host-browser" if SECURE else "browser"
ACCOUNT_PREVENT_ENUMERATION = True
# A code from an app at every sign-in, and again before what cannot be taken back, unless one was given that recently.
# Only a demonstration goes without.
SECOND_FACTOR = os.environ.get("SECOND_FACTOR", "1") == "1"
STEP_UP_MINUTES = int(os.environ.get("STEP_UP_MINUTES", "5"))
# Single sign-on with the council's directory (OpenID Connect, as Microsoft Entra ID speaks it): its name for people,
# and an id that is this issuer's alone, so that an identity connected with another issuer opens nothing.
OIDC_ISSUER = os.environ.get("OIDC_ISSUER", "").rstrip("/")
if OIDC_ISSUER and SECURE and not OIDC_ISSUER.startswith("https://"):
    # What it says is believed because it comes from there: nobody may stand in between.
    raise ImproperlyConfigured("OIDC_ISSUER must be an address that begins with https://.")
SINGLE_SIGN_ON = os.environ.get("OIDC_NAME", "your council account") if OIDC_ISSUER else ""
SINGLE_SIGN_ON_ID = f"oidc-{hashlib.sha256(OIDC_ISSUER.encode()).hexdigest()[:16]}"
SOCIALACCOUNT_ADAPTER = "accounts.single_sign_on.adapter.SingleSignOnAdapter"
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "OAUTH_PKCE_ENABLED": True,
        "SCOPE": ["openid"],
        "APPS": [
            {
                "provider_id": SINGLE_SIGN_ON_ID,
                "name": SINGLE_SIGN_ON,
                "client_id": os.environ.get("OIDC_CLIENT_ID", ""),
                "secret": os.environ.get("OIDC_CLIENT_SECRET", ""),
                "settings": {"server_url": OIDC_ISSUER, "fetch_userinfo": False, "oauth_pkce_enabled": True},
            }
        ]
        if OIDC_ISSUER
        else [],
    }
}
MFA_ADAPTER = "accounts.second_factor.adapter.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not SECURE  # localhost, for `make run`
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_TOTP_TOLERANCE = 1  # a code of half a minute ago or ahead: telephones' clocks differ
USERSESSIONS_TRACK_ACTIVITY = False
# How many different files somebody may open, and how often search, in an hour before each further one asks for proof
# again. The auditor is told of both, and of so many refusals. All local.
READING_BUDGET = int(os.environ.get("READING_BUDGET", "60"))
MOST_REFUSALS = int(os.environ.get("MOST_REFUSALS", "20"))
MOST_SEARCHES = int(os.environ.get("MOST_SEARCHES", "60"))
# How long a restricted file that is opened in an emergency stays open, in hours, 1 to 24 (DOMAIN 5.3), within how many
# days each such opening is reviewed, and the smallest count by group that is shown. All proposed.
EMERGENCY_HOURS = int(os.environ.get("EMERGENCY_HOURS", "4"))
EMERGENCY_REVIEW_DAYS = int(os.environ.get("EMERGENCY_REVIEW_DAYS", "7"))
SMALLEST_COUNT = int(os.environ.get("SMALLEST_COUNT", "5"))
# What is hidden and what is not there are answered after so many milliseconds alike, or twice as many.
NOT_FOUND_MILLISECONDS = int(os.environ.get("NOT_FOUND_MILLISECONDS", "100"))
# How many proxies stand in front of the web process. A header that a client can write is otherwise not believed.
TRUSTED_PROXIES = int(os.environ.get("TRUSTED_PROXIES", "0"))
ACCOUNT_SESSION_REMEMBER = False

SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_NAME = "__Host-session" if SECURE else "session"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_IDLE_MINUTES = int(os.environ.get("SESSION_IDLE_MINUTES", "15"))
SESSION_LONGEST_HOURS = int(os.environ.get("SESSION_LONGEST_HOURS", "10"))
MOST_SESSIONS = int(os.environ.get("MOST_SESSIONS", "3"))  # of one person at once
STASH_MINUTES = 60  # how long what was typed before signing in again is taken back
SESSION_COOKIE_AGE = SESSION_LONGEST_HOURS * 3600
CSRF_COOKIE_NAME = "__Host-csrf" if SECURE else "csrf"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "ui.views.csrf_failure"

SECURE_SSL_REDIRECT = SECURE
SECURE_HSTS_SECONDS = 31_536_000 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE
# Entering the browsers' preload list binds the council's whole domain for years: theirs to decide, not ours.
# And guardian's backend is left out on purpose.
SILENCED_SYSTEM_CHECKS = ["security.W021", "guardian.W001"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SECURE else None
SECURE_REDIRECT_EXEMPT = [r"^(healthz|readyz)$"]
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        # The button that signs in elsewhere is a form whose answer leads there.
        "form-action": [SELF, *([urljoin(OIDC_ISSUER, "/").rstrip("/")] if OIDC_ISSUER else [])],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}

# The API answers in JSON to somebody signed in. Who may have what is decided by `access`, as for every page.
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.SessionAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "cre_case.api.base.in_words",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "CRE casework",
    "DESCRIPTION": "Children at risk of exploitation: the same parts, rules and record of looks as the pages.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.IsAuthenticated"],
    "SCHEMA_PATH_PREFIX": "/api/v1",
}

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_TZ = True
USE_I18N = False

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static" / "built"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CELERY_BROKER_URL = os.environ.get("REDIS_URL", "redis://127.0.0.1:6379/0")
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_TIME_LIMIT = 300
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 3600, "socket_timeout": 5}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULE = {
    "tick": {"task": "deadlines.tasks.tick", "schedule": 60.0},
    "mail": {"task": "deadlines.tasks.mail", "schedule": 60.0, "options": {"expires": 60}},
    "seal": {"task": "access.tasks.seal", "schedule": 60.0, "options": {"expires": 60}},
    "watch": {"task": "access.tasks.watch", "schedule": 60.0, "options": {"expires": 60}},
    "surnames": {"task": "children.tasks.watch_surnames", "schedule": 60.0, "options": {"expires": 60}},
    "sessions": {"task": "accounts.tasks.clear_sessions", "schedule": 3600.0, "options": {"expires": 3600}},
    # A sweep that nobody took within its minute is stale: the next one does its work.
    "copies": {"task": "plans.copies.tasks.sweep", "schedule": 60.0, "options": {"expires": 60}},
}
# PDFs are made by a worker of their own, so that a slow one never holds up a clock.
CELERY_TASK_ROUTES = {"plans.copies.tasks.*": {"queue": "documents"}}

# Clocks. Lengths of local targets that differ from what is proposed, by rule id, in the rule's own unit. Never the law.
LOCAL_TARGETS = json.loads(os.environ.get("LOCAL_TARGETS", "{}"))
REMINDER_HOUR = int(os.environ.get("REMINDER_HOUR", "7"))  # Europe/London
DIGEST_HOUR = int(os.environ.get("DIGEST_HOUR", "8"))  # after the reminders of the day are written
# User names of those told from the fifth working day after a missed limit.
SERVICE_MANAGERS = [name for name in os.environ.get("SERVICE_MANAGERS", "").split(",") if name]

# E-mail. Without a host nothing leaves the machine: messages are files in EMAIL_FOLDER, or lines of the log.
EMAIL_HOST = os.environ.get("EMAIL_HOST", "")
EMAIL_FILE_PATH = os.environ.get("EMAIL_FOLDER") or None
EMAIL_BACKEND = "django.core.mail.backends." + (
    "smtp.EmailBackend" if EMAIL_HOST else "filebased.EmailBackend" if EMAIL_FILE_PATH else "console.EmailBackend"
)
EMAIL_PORT = int(os.environ.get("EMAIL_PORT", "587"))
EMAIL_HOST_USER = os.environ.get("EMAIL_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("EMAIL_PASSWORD", "")
EMAIL_USE_TLS = os.environ.get("EMAIL_TLS", "1") == "1"
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = os.environ.get("EMAIL_FROM", "casework@localhost")
SITE_URL = os.environ.get("SITE_URL", "http://127.0.0.1:8000").rstrip("/")  # before the paths in messages

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "cre_case.log_lines.WithoutWords",
            "format": "{asctime} {levelname} {name} {message}",
            "style": "{",
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {"celery.beat": {"level": "WARNING"}},
}

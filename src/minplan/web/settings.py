"""Django's settings, from the configuration of the installation.

The workspace and the database are named by MINPLAN_WORKSPACE and MINPLAN_DATABASE (see
``minplan serve``); everything else stands in ``web.toml``.
"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from csp.constants import NONE, SELF

from minplan.database.connection import database_settings
from minplan.web.configuration import configuration
from minplan.web.directories import backends, ldap_settings, oidc_settings

_config = configuration()
_config.workspace.mkdir(parents=True, exist_ok=True)
_here = Path(__file__).parent

SECRET_KEY = _config.secret_key
DEBUG = False
ALLOWED_HOSTS = list(_config.hosts)

DATABASES = {
    "default": {
        **database_settings(_config.database or _config.workspace / "planning.sqlite"),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
    }
}
DATABASE_ROUTERS = ["minplan.database.connection.Router"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "axes",
    "csp",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "ninja",
    "minplan.database",
    "minplan.web",
    *(["mozilla_django_oidc"] if _config.oidc else []),
    *(["django_python3_ldap"] if _config.ldap else []),
]
MIDDLEWARE = [
    "minplan.web.middleware.request_log",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "minplan.web.middleware.language",
    "minplan.web.middleware.access",
    "minplan.web.api.auth.bearer",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "minplan.web.middleware.errors",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "minplan.web.urls"
WSGI_APPLICATION = "minplan.web.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "minplan.web.context.frame",
            ],
            "builtins": ["minplan.web.templatetags.words"],
        },
    }
]

# -- language and time ----------------------------------------------------------------------------
USE_I18N = True
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"
FIRST_DAY_OF_WEEK = 1

# -- accounts -------------------------------------------------------------------------------------
AUTH_USER_MODEL = "minplan.Account"
AUTHENTICATION_BACKENDS = backends(_config.ldap, _config.oidc)
globals().update(ldap_settings(_config.ldap), **oidc_settings(_config.oidc))
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "workbench"
LOGOUT_REDIRECT_URL = "login"
AXES_FAILURE_LIMIT = _config.lockout_failures
AXES_COOLOFF_TIME = timedelta(minutes=_config.lockout_minutes)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
AXES_LOCKOUT_CALLABLE = "minplan.web.accounts.views.locked_out"
AXES_IPWARE_PROXY_COUNT = _config.trusted_proxies or None
SESSION_COOKIE_NAME = "minplan_session"
SESSION_COOKIE_AGE = _config.session_idle_minutes * 60
SESSION_SAVE_EVERY_REQUEST = False
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = "minplan_csrf"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "minplan.web.problems.csrf_failure"

# -- transport ------------------------------------------------------------------------------------
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _config.secure
SECURE_SSL_REDIRECT = False
SECURE_HSTS_SECONDS = 31_536_000 if _config.secure else 0
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _config.secure else None
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        # charts and the map set styles of elements they own
        "style-src": [SELF, "'unsafe-inline'"],
        "img-src": [SELF, "data:", "blob:", *sorted({m.origin for m in _config.base_maps})],
        "connect-src": [SELF, *sorted({m.origin for m in _config.base_maps})],
        "font-src": [SELF],
        "worker-src": [SELF, "blob:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

# -- uploads --------------------------------------------------------------------------------------
FILE_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
DATA_UPLOAD_MAX_MEMORY_SIZE = 5_000_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000
FILE_UPLOAD_HANDLERS = [
    "minplan.web.uploads.LimitedUploadHandler",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
FILE_UPLOAD_PERMISSIONS = 0o600

# -- static files ---------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATICFILES_DIRS = [_here / "static"]
STATIC_ROOT = None
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False

# -- background work ------------------------------------------------------------------------------
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "minplan.web.logs.JsonFormatter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {
        "django.server": {"handlers": [], "propagate": True},
        "django.request": {"level": "ERROR"},
        "axes": {"level": "WARNING"},
    },
}

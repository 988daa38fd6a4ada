"""Every setting. First what an operator may set, each described in docs/settings.md; then what follows from it."""

import os
from pathlib import Path

from studio import env as reading

BASE_DIR = Path(__file__).resolve().parent.parent
VERSION = reading.version((BASE_DIR / "CHANGELOG.md").read_text(encoding="utf-8"))

# ── What an operator sets ────────────────────────────────────────────────────────────────────────────────────
env = reading.Env()

PORT = env.number("STUDIO_PORT", 8000, least=1, most=65535)
BIND = env.text("STUDIO_BIND", "127.0.0.1")
PUBLIC_URL = env.url("STUDIO_PUBLIC_URL", f"http://localhost:{PORT}")
CONSOLE_URL = env.url("STUDIO_CONSOLE_URL", PUBLIC_URL)
DATA_DIR = Path(env.text("STUDIO_DATA_DIR", str(BASE_DIR / "data"))).resolve()
MODELS_DIR = Path(env.text("STUDIO_MODELS_DIR", str(DATA_DIR / "models"))).resolve()
SECRET_KEY_GIVEN = env.text("STUDIO_SECRET_KEY")
SECRET_KEY = reading.secret_key(SECRET_KEY_GIVEN, DATA_DIR)
SECRET_KEY_FALLBACKS = env.words("STUDIO_SECRET_KEY_FALLBACKS")
DEBUG = env.flag("STUDIO_DEBUG", False)
LOG_LEVEL = env.text("STUDIO_LOG_LEVEL", "INFO", choices=("DEBUG", "INFO", "WARNING", "ERROR"))
LOG_FORMAT = env.text("STUDIO_LOG_FORMAT", "text", choices=("text", "json"))
TRUSTED_PROXIES = env.number("STUDIO_TRUSTED_PROXIES", 0, most=10)
GATEWAYS = env.number("STUDIO_GATEWAYS", 1, least=1, most=1000)
DEMO_PASSWORD = env.text("STUDIO_DEMO_PASSWORD")
SPEECH = env.text("STUDIO_SPEECH", "local", choices=("local", "scripted"))
MAX_CALLS = env.number("STUDIO_MAX_CALLS", 0) or 6 * (os.cpu_count() or 1)
CALLS_PER_PROJECT = env.number("STUDIO_CALLS_PER_PROJECT", 0)
CALLS_PER_ADDRESS = env.number("STUDIO_CALLS_PER_ADDRESS", 0) or max(2, MAX_CALLS // 2)
FETCH_PRIVATE = env.flag("STUDIO_FETCH_PRIVATE", False)
CALL_MAX_MINUTES = env.number("STUDIO_CALL_MAX_MINUTES", 30, least=1, most=240)
END_OF_TURN_MS = env.number("STUDIO_END_OF_TURN_MS", 400, least=200, most=2000)
SILENCE_PROMPT_S = env.number("STUDIO_SILENCE_PROMPT_S", 10, least=3, most=120)
BOLDNESS = env.text("STUDIO_BOLDNESS", "even", choices=("careful", "even", "bold"))
SILENCE_PROMPTS = env.number("STUDIO_SILENCE_PROMPTS", 3, least=1, most=10)
MEDIA_ADDRESS = env.address("STUDIO_MEDIA_ADDRESS")
MEDIA_PORTS = env.port_range("STUDIO_MEDIA_PORTS")
STUN_URLS = env.words("STUDIO_STUN_URLS")
TURN_URLS = env.words("STUDIO_TURN_URLS")
TURN_SECRET = env.text("STUDIO_TURN_SECRET")
DATABASE_URL = env.text("DATABASE_URL")
REDIS_URL = env.service("REDIS_URL", "redis", "rediss", "unix")
EMAIL_URL = env.text("STUDIO_EMAIL_URL")
EMAIL_FROM = env.text("STUDIO_EMAIL_FROM")
CELERY_BROKER_URL = env.service("CELERY_BROKER_URL", "redis", "rediss", "amqp", "amqps")

env.refuse_unknown("STUDIO_")

# ── What follows from it ─────────────────────────────────────────────────────────────────────────────────────
reading.private_folder(DATA_DIR)  # recordings and transcripts are nobody else's business
RECORDINGS_DIR = DATA_DIR / "recordings"
SPOOL_DIR = DATA_DIR / "spool"
JOURNAL_DIR = DATA_DIR / "journal"

SECURE = PUBLIC_URL.startswith("https://")
ALLOWED_HOSTS = sorted({reading.host_of(PUBLIC_URL), reading.host_of(CONSOLE_URL), "localhost", "127.0.0.1"})
CSRF_TRUSTED_ORIGINS = sorted({PUBLIC_URL, CONSOLE_URL})
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_NAME = "pickup_session"
CSRF_COOKIE_NAME = "pickup_csrf"
SESSION_COOKIE_AGE = 14 * 24 * 3600
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if SECURE else 0  # whoever came by https once does not come back without it
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

INSTALLED_APPS = [
    "daphne",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",  # the templates that FORM_RENDERER looks for
    "allauth.account",
    "allauth.mfa",
    "channels",
    "corsheaders",
    "rest_framework",
    "drf_spectacular",
    "agents",
    "widgets",
    "calling",
    "studio",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "studio.running.unkept.Unkept",
    "studio.running.hosts.Apart",
    "corsheaders.middleware.CorsMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
]

ROOT_URLCONF = "studio.urls"
ASGI_APPLICATION = "studio.asgi.application"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]

# SQLite cannot keep two rows apart by an absent port; widgets/actions.py writes a widget's domains as one set.
SILENCED_SYSTEM_CHECKS = ["models.W047"]

DATABASES = {"default": reading.database(DATABASE_URL, DATA_DIR / "pickup.sqlite3")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "console:login"
LOGIN_REDIRECT_URL = "console:index"

# The second step of signing in, and passkeys. The first step, its limits and accounts are our own (studio/pages).
ACCOUNT_ADAPTER = "studio.second_step.Accounts"
ACCOUNT_EMAIL_VERIFICATION = "none"
# Guesses are counted by studio/pages/people/guesses.py: theirs would let a stranger use an account's tries up.
ACCOUNT_RATE_LIMITS = {"login_failed": None}
ACCOUNT_FORMS = {"reauthenticate": "studio.pages.people.confirming.PasswordAgainForm"}
MFA_FORMS = {
    "authenticate": "studio.pages.people.confirming.CodeForm",
    "reauthenticate": "studio.pages.people.confirming.CodeAgainForm",
    "authenticate_webauthn": "studio.pages.people.confirming.PasskeyForm",
    "reauthenticate_webauthn": "studio.pages.people.confirming.PasskeyAgainForm",
    "login_webauthn": "studio.pages.people.confirming.PasskeyAloneForm",
}
MFA_ADAPTER = "studio.second_step.Factors"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Pickup"
MFA_TOTP_TOLERANCE = 1  # a phone's clock may be half a minute off

if REDIS_URL:
    CACHES = {"default": {"BACKEND": "studio.running.shared_cache.SharedCache", "LOCATION": REDIS_URL}}
    CHANNEL_LAYERS = {
        "default": {"BACKEND": "studio.running.shared_layer.SharedLayer", "CONFIG": {"hosts": [REDIS_URL]}}
    }
else:
    # Django's default of 300 entries would let anybody push the rate limits out of the cache.
    CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
            "OPTIONS": {"MAX_ENTRIES": 100_000},
        }
    }
    CHANNEL_LAYERS = {"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}}

# One strict policy everywhere; the frame's view narrows frame-ancestors to the one site that may show it.
# Sockets are named because older Safari does not count them as 'self'.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "connect-src": ["'self'", PUBLIC_URL.replace("http", "ws", 1)],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
        "img-src": ["'self'", "data:"],
        "object-src": ["'none'"],
    }
}

# Only there may a page of another origin read an answer, and only one that widgets/admission/cors.py finds admitted.
CORS_URLS_REGEX = r"^/api/v1/(?:ice-servers|access-token|sessions)$"
CORS_ALLOW_HEADERS = ["accept", "authorization", "content-type", "x-token", "x-host", "x-polyai-correlation-id"]

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": DATA_DIR / "files"}},
    "recordings": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {
            "location": RECORDINGS_DIR,
            "file_permissions_mode": 0o600,
            "directory_permissions_mode": 0o700,
        },
    },
    # Files that were uploaded as sources, until they are read.
    "sources": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {
            "location": DATA_DIR / "sources",
            "file_permissions_mode": 0o600,
            "directory_permissions_mode": 0o700,
        },
    },
    "staticfiles": {"BACKEND": "studio.running.static.HashedModules"},
}
# Frame modules are fetched by the frame itself, never by the customer's page.
WHITENOISE_ALLOW_ALL_ORIGINS = False

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("de", "Deutsch")]
LOCALE_PATHS = [BASE_DIR / "locale"]
LANGUAGE_COOKIE_NAME = "pickup_language"
LANGUAGE_COOKIE_PATH = "/console/"  # visitors’ pages go by their own browser
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": [],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "UNAUTHENTICATED_USER": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Messaging API",
    "DESCRIPTION": "Chats with an agent of this installation. Its socket, at /ws, is described in docs/messaging.md.",
    "VERSION": VERSION,
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVERS": [{"url": PUBLIC_URL}],
    "SORT_OPERATION_PARAMETERS": False,
    "APPEND_COMPONENTS": {
        "securitySchemes": {"accessToken": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}}
    },
    "DISABLE_ERRORS_AND_WARNINGS": False,
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ALWAYS_EAGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_WORKER_ENABLE_REMOTE_CONTROL = False  # nobody sends remote commands, and its mailbox would stay behind as files
if not CELERY_BROKER_URL:
    _queue = DATA_DIR / "queue"
    for _folder in ("messages", "control"):
        (_queue / _folder).mkdir(parents=True, exist_ok=True)
    CELERY_BROKER_URL = "filesystem://localhost//"
    CELERY_BROKER_TRANSPORT = "studio.running.broker:Transport"
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(_queue / "messages"),
        "data_folder_out": str(_queue / "messages"),
        "control_folder": str(_queue / "control"),
    }

# Mail is sent by the worker (studio/running/mail.py), and only where a server for it is set.
_mail = reading.email_server(EMAIL_URL)
SENDS_EMAIL = bool(_mail)
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if SENDS_EMAIL else 'dummy'}.EmailBackend"
EMAIL_HOST, EMAIL_PORT = _mail.get("host", ""), _mail.get("port", 0)
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _mail.get("user", ""), _mail.get("password", "")
EMAIL_USE_TLS, EMAIL_USE_SSL = _mail.get("use_tls", False), _mail.get("use_ssl", False)
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = EMAIL_FROM or f"pickup@{reading.host_of(CONSOLE_URL)}"
PASSWORD_RESET_TIMEOUT = 2 * 3600  # how long the link in a mail works

LOGGING_CONFIG = None  # studio/running/logs.py sets structlog and the standard library up together

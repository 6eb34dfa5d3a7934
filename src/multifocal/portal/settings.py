"""Django's settings: what the options say, and what is the same everywhere."""

from pathlib import Path
from urllib.parse import urlsplit

import dj_database_url
from csp.constants import NONCE, NONE, SELF

from multifocal.portal import mail, options
from multifocal.portal.keys import secret_key
from multifocal.portal.logs import logging_config
from multifocal.portal.private import OWNER_ONLY, keep_private

OPTIONS = options.read()
HERE = Path(__file__).parent

DEBUG = OPTIONS.debug
keep_private(OPTIONS.data)
SECRET_KEY = secret_key(OPTIONS.data)
ROOT_URLCONF = "multifocal.portal.urls"
WSGI_APPLICATION = "multifocal.portal.wsgi.application"
ALLOWED_HOSTS = [
    "localhost",
    "127.0.0.1",
    "[::1]",
    *OPTIONS.hosts,
    *filter(None, [urlsplit(OPTIONS.origin).hostname]),
]
CSRF_TRUSTED_ORIGINS = [OPTIONS.address] if OPTIONS.address else []
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    # Ours come first: their templates replace those of the libraries.
    "multifocal.portal",
    "multifocal.portal.accounts",
    "multifocal.portal.audit",
    "multifocal.portal.care",
    "multifocal.portal.counting",
    "multifocal.portal.article",
    "multifocal.portal.calculators",
    "multifocal.portal.work_up",
    "multifocal.portal.checker",
    "multifocal.portal.lesion_map",
    "multifocal.portal.treatment",
    "multifocal.portal.administration.Config",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "csp",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
]

MIDDLEWARE = [
    "multifocal.portal.middleware.request_log",
    "multifocal.portal.links.own_links",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "multifocal.portal.middleware.headers",
    "multifocal.portal.middleware.refused",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "multifocal.portal.middleware.signed_out",
    "multifocal.portal.middleware.idle",
    "multifocal.portal.middleware.nothing_kept",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "multifocal.portal.context.site",
            ],
            "builtins": ["multifocal.portal.templatetags.names"],
        },
    }
]

FORM_RENDERER = "multifocal.portal.forms.Renderer"

# Data

DATABASES = {
    "default": dj_database_url.parse(OPTIONS.database_url, conn_max_age=60)
    if OPTIONS.database_url
    else {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": OPTIONS.data / "site.sqlite3",
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
            ),
        },
    }
}
CACHES = {
    # Shared by all processes: limits on tries count once, not once a process.
    "default": {
        "BACKEND": "multifocal.portal.counting.cache.Cache",
        "LOCATION": "cache",
        "OPTIONS": {"MAX_ENTRIES": 50_000},
    }
}

# Files of ours

STATIC_URL = "/static/"
STATIC_ROOT = OPTIONS.data / "static"
WHITENOISE_ALLOW_ALL_ORIGINS = False
WHITENOISE_MIMETYPES = {".svg": "image/svg+xml; charset=utf-8"}
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
FILE_UPLOAD_PERMISSIONS = OWNER_ONLY
FILE_UPLOAD_HANDLERS = ["multifocal.portal.uploads.InMemoryOnly"]
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000
DATA_UPLOAD_MAX_NUMBER_FILES = 1

# Words and time

LANGUAGE_CODE = "en-gb"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

# Who somebody is

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}", "OPTIONS": options_}
    for name, options_ in (
        ("UserAttributeSimilarityValidator", {"user_attributes": ("email",)}),
        ("MinimumLengthValidator", {"min_length": 12}),
        ("CommonPasswordValidator", {}),
        ("NumericPasswordValidator", {}),
    )
] + [
    {"NAME": f"multifocal.portal.passwords.{name}"}
    for name in ("NotOfThisPlace", "NotRepeated", "NotRowsOfKeys", "NotAWordWithDigits")
]
PASSWORD_RESET_TIMEOUT = 60 * 60
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "treatment"
ACCOUNT_ADAPTER = "multifocal.portal.accounts.adapter.Adapter"
MFA_ADAPTER = "multifocal.portal.accounts.adapter.SecondFactorAdapter"
ACCOUNT_FORMS = {
    name: f"multifocal.portal.accounts.forms.{form}"
    for name, form in (
        ("login", "Login"),
        ("signup", "Signup"),
        ("add_email", "AddEmail"),
        ("change_password", "ChangePassword"),
        ("set_password", "SetPassword"),
        ("reset_password", "ResetPassword"),
        ("reset_password_from_key", "ResetPasswordKey"),
        ("confirm_email_verification_code", "ProveEmail"),
        ("reauthenticate", "Reauthenticate"),
    )
}
MFA_FORMS = {
    name: f"multifocal.portal.accounts.forms.{form}"
    for name, form in (
        ("authenticate", "SecondStep"),
        ("reauthenticate", "SecondStepAgain"),
        ("activate_totp", "ActivateApp"),
        ("add_webauthn", "AddPasskey"),
        ("edit_webauthn", "EditPasskey"),
    )
}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT = 10 * 60
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = "multifocal: "
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if OPTIONS.secure else "http"
ALLAUTH_TRUSTED_PROXY_COUNT = OPTIONS.proxies
USERSESSIONS_TRACK_ACTIVITY = True
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "multifocal"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not OPTIONS.secure

# Sessions and transport

IDLE_SECONDS = OPTIONS.idle_minutes * 60
SESSION_COOKIE_NAME = "__Host-session" if OPTIONS.secure else "session"
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_SECURE = OPTIONS.secure
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = "__Host-csrf" if OPTIONS.secure else "csrftoken"
CSRF_COOKIE_SECURE = OPTIONS.secure
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "multifocal.portal.errors.csrf"
SECURE_SSL_REDIRECT = OPTIONS.secure
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^api/v1/"]
SECURE_HSTS_SECONDS = 63_072_000 if OPTIONS.secure else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = OPTIONS.secure
SECURE_HSTS_PRELOAD = OPTIONS.secure
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if OPTIONS.proxies else None
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

MESSAGE_STORAGE = "multifocal.portal.messages.InCookie"

# Mail, logs, API

vars().update(mail.settings(OPTIONS.email_url))
DEFAULT_FROM_EMAIL = SERVER_EMAIL = OPTIONS.email_from
LOGGING_CONFIG = None
logging_config(OPTIONS.log_format)
NINJA_PAGINATION_MAX_LIMIT = 200
NINJA_NUM_PROXIES = OPTIONS.proxies

"""Settings that every run mode shares."""

from pathlib import Path

from csp.constants import NONCE, SELF
from django.core.exceptions import ImproperlyConfigured

from portal import environment
from portal.operations.logs import build_logging

BASE_DIR = Path(__file__).resolve().parents[2]
VAR_DIR = environment.var_dir()

IS_PRODUCTION = environment.mode() == "production"
DEBUG = False
ALLOWED_HOSTS: list[str] = []

INSTALLED_APPS = [
    "portal.shell",
    "portal.audit",
    "portal.people",
    "portal.messages",
    "portal.operations",
    "portal.refresh",
    "insights.events",
    "insights.catalogue",
    "insights.contacts",
    "insights.persons",
    "insights.sources",
    "insights.capture",
    "insights.imports",
    "insights.contact_imports",
    "insights.questions",
    "insights.cohorts",
    "insights.explore",
    "insights.adoption",
    "insights.metrics",
    "insights.dashboards",
    "insights.sharing",
    "insights.alerts",
    "insights.voice.texts",
    "insights.voice.feedback",
    "insights.voice.conversations",
    "insights.voice.highlights",
    "insights.voice.themes",
    "insights.voice.intake",
    "insights.voice.retention",
    "insights.voice.suggestions",
    "insights.voice.triage",
    "insights.voice.search",
    "insights.voice.surveys",
    "insights.voice.findings",
    "insights.voice.demand",
    "insights.voice.closing",
    "insights.voice.listening",
    "roadmaps.goals",
    "roadmaps.pulses",
    "roadmaps.planning.scoring",
    "roadmaps.planning.priorities",
    "roadmaps.planning.opportunities",
    "roadmaps.planning.initiatives",
    "roadmaps.delivery.work",
    "roadmaps.planning.releases",
    "roadmaps.planning.prototypes",
    "roadmaps.plan.goal_map",
    "roadmaps.delivery.forecasts",
    "roadmaps.plan.board",
    "roadmaps.plan.sharing",
    "roadmaps.plan.scenarios",
    "roadmaps.outcomes",
    "playbooks.library",
    "portal.audit.admin_apps.PortalAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.usersessions",
    "csp",
    "django_celery_beat",
    "django_filters",
    "django_htmx",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "rest_framework",
    "template_partials",
]

MIDDLEWARE = [
    "portal.operations.proxies.SenderAddressMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # Pages shrink to a third; Django pads the length, so that it tells nothing of what is inside.
    "django.middleware.gzip.GZipMiddleware",
    "portal.shell.middleware.RequestIdMiddleware",
    "csp.middleware.CSPMiddleware",
    "portal.shell.incoming.IncomingMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "portal.people.middleware.SignInMiddleware",
    "portal.people.middleware.TimeZoneMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "portal.people.middleware.SessionActivityMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "portal.shell.middleware.PortalErrorMiddleware",
]

ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"

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
                "portal.shell.context.frame",
                "portal.people.context.current_product",
            ],
            "builtins": ["template_partials.templatetags.partials"],
        },
    }
]

_services = environment.running_services(VAR_DIR)
_START = "Start the portal with `make run`, or set it to the address of your own server."
DATABASE_URL = environment.text("DATABASE_URL", _services.get("DATABASE_URL"), fix=_START)
REDIS_URL = environment.text("REDIS_URL", _services.get("REDIS_URL"), fix=_START)
# Migrations run as the tables' owner; the portal itself runs as a role that cannot drop the audit trail's guard.
_is_embedded = _services.get("DATABASE_URL") == DATABASE_URL
DATABASE_OWNER_URL = environment.text(
    "DATABASE_OWNER_URL", _services["DATABASE_OWNER_URL"] if _is_embedded else DATABASE_URL
)
DATABASES = {"default": environment.database(DATABASE_URL)}
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": environment.redis_database(REDIS_URL, 1),
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "portal_people.User"
AUTHENTICATION_BACKENDS = ["portal.people.backends.PortalBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "shell:home"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_ADAPTER = "portal.people.accounts.ClosedSignupAdapter"
ACCOUNT_FORMS = {
    "login": "portal.people.account_forms.SignInForm",
    "reauthenticate": "portal.people.account_forms.ReauthenticateForm",
    "change_password": "portal.people.account_forms.ChangePasswordForm",
    "reset_password": "portal.people.account_forms.ResetPasswordForm",
    "reset_password_from_key": "portal.people.account_forms.ChoosePasswordForm",
}
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

DEFAULT_FROM_EMAIL = SERVER_EMAIL = environment.text("DEFAULT_FROM_EMAIL", "portal@localhost")
EMAIL_HOST = environment.optional("EMAIL_HOST")
EMAIL_PORT = environment.number("EMAIL_PORT", 587, least=1)
EMAIL_HOST_USER = environment.optional("EMAIL_HOST_USER")
EMAIL_HOST_PASSWORD = environment.optional("EMAIL_HOST_PASSWORD")
EMAIL_USE_TLS = environment.flag("EMAIL_USE_TLS", True)
EMAIL_TIMEOUT = 15
# Without a server nothing is lost: mails wait as files.
EMAIL_BACKEND = environment.mail_backend("smtp" if EMAIL_HOST else "file", has_host=bool(EMAIL_HOST))
EMAIL_FILE_PATH = VAR_DIR / "mail"
# Links in mails and messages begin with it; there is no request to take it from.
PUBLIC_URL = environment.public_url(_services.get("PUBLIC_URL"))
# Where webhooks may go beside public hosts over https.
WEBHOOK_ALLOWED_HOSTS = environment.words("WEBHOOK_ALLOWED_HOSTS", [])
WEBHOOK_ALLOW_HTTP = environment.flag("WEBHOOK_ALLOW_HTTP", False)

LANGUAGE_CODE = "en-gb"
FORMAT_MODULE_PATH = ["portal.shell.formats"]
TIME_ZONE = "UTC"
USE_TZ = True
WORKSPACE_TIME_ZONE = environment.text("WORKSPACE_TIME_ZONE", "UTC")

# A person is asked something (surveyed, called, written to) at most once in so many days.
ASK_LIMIT_DAYS = environment.number("ASK_LIMIT_DAYS", 30, least=1)

# Files of sources: uploads up to a limit, and the folder below which watched folders lie.
SOURCES_FILE_BYTES = environment.number("UPLOAD_LIMIT_MB", 2048, least=1) * 1024 * 1024
UPLOAD_KEEP_DAYS = environment.number("UPLOAD_KEEP_DAYS", 30, least=1)
WATCHED_FOLDERS_DIR = Path(environment.text("WATCHED_FOLDERS_DIR", str(VAR_DIR / "inbox"))).resolve()

# Dashboards and roadmaps by a secret address, without a login: whether, for how long at most, who may frame them.
PUBLIC_LINKS = environment.flag("PUBLIC_LINKS", True)
PUBLIC_LINK_MAX_DAYS = environment.number("PUBLIC_LINK_MAX_DAYS", 90, least=1)
EMBED_HOSTS = environment.origins("EMBED_HOSTS")

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "insights.explore.staticfiles.PlotlyFinder",
]
MEDIA_ROOT = Path(environment.text("UPLOAD_DIR", str(VAR_DIR / "uploads"))).resolve()
BACKUP_DIR = VAR_DIR / "backups"
BACKUP_KEEP_DAYS = environment.number("BACKUP_KEEP_DAYS", 30, least=1)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "portal.shell.storage.ModuleManifestStorage"},
}

# Event parts: embedded engine, a folder shared by every process.
if environment.text("EVENT_STORE_URL", ""):
    raise ImproperlyConfigured("EVENT_STORE_URL is set, but a cluster engine does not exist yet. Remove it.")
EVENT_STORE_DIR = Path(environment.text("EVENT_STORE_DIR", str(VAR_DIR / "events"))).resolve()
EVENT_STORE_MEMORY_MB = environment.number("EVENT_STORE_MEMORY_MB", 1500, least=256)
EVENT_STORE_THREADS = environment.number("EVENT_STORE_THREADS", 2, least=1)
QUESTION_TIME_LIMIT_S = environment.number("QUESTION_TIME_LIMIT_S", 60, least=1)

# A function of the company's own that makes vectors of texts for suggestions, in the place of TF-IDF.
VOICE_EMBEDDER = environment.optional("VOICE_EMBEDDER")

CELERY_BROKER_URL = environment.redis_database(REDIS_URL, 0)
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_TIME_LIMIT = 3300
CELERY_TASK_SOFT_TIME_LIMIT = 3240
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
# Above the longest task; the restore interval makes a lost task come back within seconds of that.
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 3600,
    "unacked_restore_interval": 1,
    "socket_connect_timeout": 2,
}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BEAT_SCHEDULER = "django_celery_beat.schedulers:DatabaseScheduler"
CELERY_BEAT_SYNC_EVERY = 1  # the time of the last run is written at once: a killed beat repeats nothing
CELERY_TIMEZONE = "UTC"
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_CONCURRENCY = environment.number("WORKER_PROCESSES", 2, least=1)
CELERY_WORKER_SEND_TASK_EVENTS = False

# A nonce makes Plotly's own style element legal; everything else is a file of ours. The hash is that of an empty style
# element: the back button parses a page with another nonce, and its empty elements do no harm.
_EMPTY_STYLE = "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF, NONCE, _EMPTY_STYLE],
        "img-src": [SELF, "data:", "blob:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": [SELF],
        "frame-ancestors": ["'none'"],
    }
}
# How many proxies stand before the portal; the sender's address is taken from what the outermost of them noted.
TRUSTED_PROXY_COUNT = environment.number("TRUSTED_PROXY_COUNT", 1 if IS_PRODUCTION else 0)
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "portal.shell.views.csrf_failure"
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "portal.people.tokens.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated", "portal.shell.api_rules.ScopeAllows"],
    "DEFAULT_THROTTLE_CLASSES": ["portal.shell.api_rules.UserRate", "portal.shell.api_rules.AnonRate"],
    "DEFAULT_THROTTLE_RATES": {
        "user": environment.text("API_RATE", "1200/min"),
        "anon": environment.text("API_RATE_ANONYMOUS", "60/min"),
    },
    "DEFAULT_PAGINATION_CLASS": "portal.shell.api_rules.CursorPage",
    "DEFAULT_FILTER_BACKENDS": [
        "django_filters.rest_framework.DjangoFilterBackend",
        "portal.shell.api_rules.StableOrdering",
    ],
    "DEFAULT_PARSER_CLASSES": [
        "portal.shell.incoming.StrictJSONParser",
        "rest_framework.parsers.FormParser",
        "rest_framework.parsers.MultiPartParser",
    ],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_SCHEMA_CLASS": "portal.shell.api_schema.PortalSchema",
    "EXCEPTION_HANDLER": "portal.shell.api.handle_error",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Product Ops Portal API",
    "DESCRIPTION": "Every noun of the portal as a resource; what a page can do, the API can.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.IsAuthenticated"],
    "SCHEMA_PATH_PREFIX": "/api/v1/",
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    # Several nouns have a kind or a state; each gets a name of its own in the schema.
    "ENUM_NAME_OVERRIDES": {
        "SourceKind": "insights.events.models.Source.Kind",
        "SourceState": "insights.events.models.Source.State",
        "BatchKind": "insights.events.models.Batch.Kind",
        "BatchState": "insights.events.models.Batch.State",
        "QuarantinedRowState": "insights.events.models.QuarantinedRow.State",
        "TileKind": "insights.dashboards.models.Tile.Kind",
        "AnswerState": "insights.dashboards.models.TileAnswer.State",
        "CohortUnit": "insights.cohorts.models.Cohort.Unit",
        "CheckInConfidence": "roadmaps.goals.models.CheckIn.Confidence",
        "FindingConfidence": "insights.voice.findings.models.Finding.Confidence",
        "EvidenceSide": "insights.voice.findings.models.Evidence.Side",
        "StatementKind": "roadmaps.goals.models.Statement.Kind",
        "FindingMethod": "insights.voice.findings.models.Finding.Method",
        "BetAim": "roadmaps.outcomes.models.Bet.Aim",
        "MeasuringMethod": "roadmaps.outcomes.models.Measurement.Method",
        "ReviewDecision": "roadmaps.outcomes.models.OutcomeReview.Decision",
        "CallReasonWeight": "insights.voice.listening.models.CallReason.Weight",
        "PrototypeDecision": "roadmaps.planning.prototypes.models.Prototype.Decision",
        "KeyResultAim": "roadmaps.goals.models.KeyResult.Aim",
        "ScoringKind": "roadmaps.planning.scoring.models.ModelVersion.Kind",
        "ScoreLabel": "roadmaps.planning.scoring.models.score.Label",
        "RoundState": "roadmaps.planning.scoring.models.Round.State",
        "TokenScope": "portal.people.models.ApiToken.Scope",
        "SendingWay": "insights.voice.surveys.models.Sending.Way",
        "TellingWay": "insights.voice.closing.models.Telling.Way",
        "SurveyLanguage": "insights.voice.surveys.words.LANGUAGE_CHOICES",
        "MetricInterval": "insights.metrics.contracts.INTERVALS",
        "SurveyInterval": "insights.voice.surveys.measuring.INTERVAL_CHOICES",
        "TextLanguage": "insights.voice.texts.contracts.LANGUAGE_CHOICES",
        "SurveyKind": "insights.voice.surveys.models.Survey.Kind",
        "SurveyState": "insights.voice.surveys.models.Survey.State",
        "AskKind": "insights.contacts.models.AskKind",
        "SendingKind": "insights.voice.surveys.models.Sending.Kind",
        "FeedbackKind": "insights.voice.feedback.models.Feedback.Kind",
        "FeedbackState": "insights.voice.feedback.models.Feedback.State",
        "ImportState": "insights.imports.models.Import.State",
        "ImportTask": "insights.imports.models.Import.Task",
        "ConversationKind": "insights.voice.conversations.models.Conversation.Kind",
        "MetricDirection": "insights.metrics.models.MetricVersion.Direction",
        "ProposalState": "insights.voice.suggestions.models.ThemeProposal.State",
        "StatusOfWish": "insights.voice.closing.models.Status",
        "TellingState": "insights.voice.closing.models.Telling.State",
        "FindingState": "insights.voice.findings.models.Finding.State",
        "DecisionKind": "insights.voice.triage.models.Decision.Kind",
        "OpportunityState": "roadmaps.planning.opportunities.models.Opportunity.State",
        "ProofWeight": "roadmaps.planning.opportunities.models.Evidence.Weight",
        "PlaybookState": "playbooks.library.models.Playbook.State",
        "PlaybookStage": "playbooks.library.models.Stage",
        "StepDueFrom": "playbooks.library.models.PlaybookStep.DueFrom",
        "ReleaseState": "roadmaps.planning.releases.models.Release.State",
        "WorkPhase": "roadmaps.delivery.work.models.Phase",
        "TrackerKind": "roadmaps.delivery.work.models.Tracker.Kind",
        "ConnectionKind": "roadmaps.delivery.work.models.Connection.Kind",
        "ConnectionState": "roadmaps.delivery.work.models.Connection.State",
        "PlacingField": "roadmaps.delivery.work.models.PlacingRule.Field",
        "HealthTone": "roadmaps.plan.board.models.Tone",
        "ScenarioState": "roadmaps.plan.scenarios.models.Scenario.State",
        "ScenarioSharing": "roadmaps.plan.scenarios.models.Sharing",
        "InitiativeStage": "roadmaps.planning.initiatives.models.Stage",
        "InitiativeHorizon": "roadmaps.planning.initiatives.models.Horizon",
        "InitiativeLinkKind": "roadmaps.planning.initiatives.models.InitiativeLink.Kind",
        "WorkState": "portal.refresh.models.State",
        "CatalogueStatus": "insights.catalogue.models.Status",
        "RoleName": "portal.people.contracts.Role",
        "Visibility": "portal.people.models.Visibility",
    },
}

LOGGING = build_logging(is_json=IS_PRODUCTION, level=environment.log_level())

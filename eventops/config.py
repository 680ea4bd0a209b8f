"""Settings of an installation: from the environment, with secrets made at the first start and kept in its folder."""

import datetime as dt
import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Secrets:
    """Keys of one installation: cookies and links, tickets."""

    secret_key: str
    ticket_key: str


def home_folder(environ: Mapping[str, str] = os.environ) -> Path:
    """Where the installation keeps its database, secrets and letters: `EVENTOPS_HOME`, by default `instance/`."""
    default = Path(__file__).resolve().parent.parent / "instance"
    return Path(environ.get("EVENTOPS_HOME") or default).resolve()


def load_secrets(home: Path) -> Secrets:
    """Read the keys; make them, readable by the owner alone, where there are none yet."""
    path = home / "secrets.json"
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return Secrets(**json.loads(path.read_text()))
    made = Secrets(secrets.token_urlsafe(48), secrets.token_urlsafe(48))
    with os.fdopen(handle, "w") as file:
        json.dump({"secret_key": made.secret_key, "ticket_key": made.ticket_key}, file)
    return made


def from_environment(environ: Mapping[str, str] = os.environ) -> dict[str, object]:
    """The Flask configuration. `DATABASE_URL`, `MAIL_…`, `PUBLIC_URL`, `TRUSTED_PROXIES` are the user's to set."""
    home = home_folder(environ)
    home.mkdir(mode=0o700, parents=True, exist_ok=True)  # everybody's names and addresses are in there
    keys = load_secrets(home)
    public_url = environ.get("PUBLIC_URL", "").rstrip("/")
    return {
        "HOME": home,
        "SECRET_KEY": keys.secret_key,
        "TICKET_KEY": keys.ticket_key,
        "SQLALCHEMY_DATABASE_URI": _database_url(environ, home),
        # Every thread of the web server and every lane of the worker can hold a connection at once. What statements
        # carry are people's names and addresses: errors do not say it, so that no log keeps it.
        "SQLALCHEMY_ENGINE_OPTIONS": {
            "pool_size": 16,
            "max_overflow": 8,
            "pool_use_lifo": True,  # the connection used last still has its pages and its prepared statements
            "hide_parameters": True,
        },
        "MAIL_URL": environ.get("MAIL_URL", f"folder:{home / 'letters'}"),
        "MAIL_FROM": environ.get("MAIL_FROM", ""),
        "MAIL_PER_MINUTE": max(1, int(environ.get("MAIL_PER_MINUTE", "60"))),
        "PUBLIC_URL": public_url,
        "TRUSTED_PROXIES": int(environ.get("TRUSTED_PROXIES", "0")),
        "MAX_CONTENT_LENGTH": 12 * MEGABYTE,
        "MAX_FORM_MEMORY_SIZE": MEGABYTE,
        "MAX_FORM_PARTS": 2000,
        "PERMANENT_SESSION_LIFETIME": dt.timedelta(days=7),
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": public_url.startswith("https://"),
        "REMEMBER_COOKIE_HTTPONLY": True,
        "REMEMBER_COOKIE_SECURE": public_url.startswith("https://"),
        "WTF_CSRF_TIME_LIMIT": None,
        "RATELIMIT_STORAGE_URI": environ.get("RATELIMIT_STORAGE_URI", "process://"),
        "RATELIMIT_HEADERS_ENABLED": False,
        "BABEL_DEFAULT_LOCALE": "ja",
        "BABEL_DEFAULT_TIMEZONE": "Asia/Tokyo",
    }


def _database_url(environ: Mapping[str, str], home: Path) -> str:
    url = environ.get("DATABASE_URL") or f"sqlite:///{home / 'eventops.db'}"
    for plain in ("postgres://", "postgresql://"):
        if url.startswith(plain):
            return "postgresql+psycopg://" + url.removeprefix(plain)
    return url

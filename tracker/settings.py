"""The settings: one frozen record read from the environment, once; it names all that is wrong."""

import base64
import hmac
import os
import re
import secrets
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import parseaddr
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from dotenv import dotenv_values

ROOT = Path(__file__).resolve().parent.parent
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
SHORTEST_SECRET = 32
_TRUE = {"1", "true", "yes", "on"}


class SettingsError(Exception):
    """The environment cannot be served; `problems` says why, a sentence each."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What the organisation's machine decides; what the organisation decides is in `rules`."""

    env: str
    database_url: str = field(repr=False)
    redis_url: str | None = field(repr=False)
    smtp_url: str | None = field(repr=False)
    mail_from: str
    public_url: str
    secret_key: str = field(repr=False)
    trusted_proxies: int
    now: datetime | None
    htmx: str
    instance_path: Path
    idle_minutes: int = 30
    absolute_hours: int = 8
    max_content_length: int = 1_000_000  # bytes of a form
    sources: Mapping[str, str] = field(default_factory=dict, repr=False, compare=False)

    @property
    def is_production(self) -> bool:
        """Tell whether real people work here: no demonstration, no published password."""
        return self.env == "production"

    @property
    def is_secure(self) -> bool:
        """Tell whether browsers reach the site by https, so that cookies may say so."""
        return self.public_url.startswith("https://")

    def cookie(self, name: str) -> str:
        """Return a cookie's full name: over https one that browsers take from this very host alone."""
        return f"__Host-{name}" if self.is_secure else name

    @property
    def setup_code(self) -> str:
        """Return the code that opens /setup while there is no account: the same in every process."""
        digest = hmac.digest(self.secret_key.encode(), b"setup", "sha256")
        return "-".join(base64.b32encode(digest[n : n + 5]).decode()[:4] for n in (0, 5, 10))

    def seal(self, purpose: str, words: str) -> str:
        """Return what proves that `words` come from us, for one purpose only: 43 letters that fit an address."""
        secret = hmac.digest(self.secret_key.encode(), f"{purpose}:{words}".encode(), "sha256")
        return base64.urlsafe_b64encode(secret).decode().rstrip("=")

    def shown(self) -> Iterator[tuple[str, str, str]]:
        """Yield each variable, its value without secrets, and where it comes from."""
        for attribute, (name, *_) in _VARIABLES.items():
            value = getattr(self, attribute)
            words = f"*** ({len(value)} characters)" if name == "SECRET_KEY" else _masked(value)
            source = self.sources.get(name, "default")
            is_kept = name == "SECRET_KEY" and source == "default"
            yield name, words, "made once, in the instance folder" if is_kept else source

    @classmethod
    def from_environment(
        cls, environ: Mapping[str, str], dotenv: Mapping[str, str] | None = None
    ) -> Self:
        """Read the settings; what `environ` does not say, `dotenv` may. Raises SettingsError."""
        return cls(**_Reader(environ, dotenv or {}).read())

    @classmethod
    def load(cls) -> Self:
        """Read the settings of this process: its environment, and the file .env beside wsgi.py."""
        written = {k: v for k, v in dotenv_values(ROOT / ".env").items() if v is not None}
        return cls.from_environment(os.environ, written)


class _Reader:
    """Reads one variable after another, and keeps what is wrong until all are read."""

    def __init__(self, environ: Mapping[str, str], dotenv: Mapping[str, str]) -> None:
        self.environ, self.dotenv = environ, dotenv
        self.problems: list[str] = []
        self.sources: dict[str, str] = {}

    def read(self) -> dict[str, Any]:
        values = {attribute: self.value(attribute) for attribute in _VARIABLES}
        values["instance_path"] = _instance(values["instance_path"])
        values["database_url"] = values["database_url"] or _sqlite(values["instance_path"])
        if values["env"] == "production":
            self.check_production(values)
        if self.problems:
            raise SettingsError(self.problems)
        values["secret_key"] = values["secret_key"] or self.kept_secret(values["instance_path"])
        return values | {"sources": self.sources}

    def value(self, attribute: str) -> Any:
        name, default, convert = _VARIABLES[attribute]
        text = (self.environ.get(name) or self.dotenv.get(name) or "").strip()
        self.sources[name] = self.source(name) if text else "default"
        try:
            return convert(text) if text else default
        except ValueError as error:
            self.problems.append(f"{name}: {error}")
            return default

    def source(self, name: str) -> str:
        # Flask's command line copies .env into the environment: the same value came from there.
        same = self.environ.get(name) in {None, "", self.dotenv.get(name)}
        return ".env" if same else "environment"

    def check_production(self, values: Mapping[str, Any]) -> None:
        debug = (self.environ.get("FLASK_DEBUG") or self.dotenv.get("FLASK_DEBUG") or "").lower()
        refusals = {
            "SECRET_KEY: production needs one of its own, at least 32 characters at random, "
            "for example from `python3 -c 'import secrets; print(secrets.token_urlsafe(48))'`.": (
                not _is_secret(values["secret_key"])
            ),
            "PUBLIC_URL: production needs the https:// address which people type.": (
                not values["public_url"].startswith("https://")
            ),
            "TRACKER_NOW: the clock of production is the machine's.": values["now"] is not None,
            "FLASK_DEBUG: the debugger runs anybody's code; not in production.": debug in _TRUE,
        }
        self.problems += [problem for problem, holds in refusals.items() if holds]

    def kept_secret(self, instance: Path) -> str:
        try:
            return _secret_in(instance / "secret_key")
        except OSError as error:
            problem = f"SECRET_KEY: none given, and none can be kept in {instance}: {error}"
            raise SettingsError([problem]) from error


def _masked(value: Any) -> str:
    """Return a value for the eye: of an address with a password, without it."""
    if value is None:
        return "none"
    text = re.sub(r"(?<=//)([^/@]*?):[^/]*@", r"\1:***@", str(value))
    return re.sub(r"(?i)(password|secret|key|token)=[^&]*", r"\1=***", text)


def _is_secret(key: str | None) -> bool:
    return key is not None and len(key) >= SHORTEST_SECRET and len(set(key)) >= SHORTEST_SECRET // 3


def _secret_in(path: Path) -> str:
    """Return the secret kept in `path`, made at the first start; several processes agree on one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        draft = path.with_name(f".secret_key.{os.getpid()}")
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(48), encoding="ascii")
        try:
            path.hardlink_to(draft)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text(encoding="ascii").strip()


def _sqlite(instance: Path) -> str:
    return f"sqlite:///{instance / 'tracker.db'}"


def _instance(path: Path | None) -> Path:
    return path or ROOT / "instance"


def _path(text: str) -> Path:
    return ROOT / Path(text).expanduser()


def _one_of(*words: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text not in words:
            raise ValueError(f"{text!r} is none of {', '.join(words)}.")
        return text

    return read


def _between(lowest: int, highest: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        if not (text.isdecimal() and lowest <= int(text) <= highest):
            raise ValueError(f"{text!r} is not a whole number from {lowest} to {highest}.")
        return int(text)

    return read


def _url(*schemes: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        parts = urlsplit(text)
        if parts.scheme not in schemes or not parts.hostname or (parts.port or 1) < 1:
            raise ValueError(f"not an address that starts with {'://, '.join(schemes)}://.")
        return text

    return read


def _public_url(text: str) -> str:
    parts = urlsplit(_url("http", "https")(text.rstrip("/")))
    if parts.path or parts.query or parts.fragment or parts.username:
        raise ValueError(f"{text!r} is more than scheme, host and port.")
    return f"{parts.scheme}://{parts.netloc}"


def _database_url(text: str) -> str:
    scheme, separator, rest = text.partition("://")
    if scheme in {"postgres", "postgresql", "postgresql+psycopg"} and separator:
        return f"postgresql+psycopg://{rest}"
    if scheme == "sqlite" and rest.startswith("/") and len(rest) > 1:
        return text
    raise ValueError("neither sqlite:///path nor postgresql://user:password@host/name.")


def _address(text: str) -> str:
    _, address = parseaddr(text)
    local, _, host = address.rpartition("@")
    if not local or not host or not text.isprintable():
        raise ValueError(f"{text!r} is no mail address.")
    return text


def _instant(text: str) -> datetime:
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(f"{text!r} is no ISO instant such as 2018-04-10T08:00+07:00.") from None
    return instant if instant.tzinfo else instant.replace(tzinfo=ZONE)


# attribute: (variable, default, reader); what a reader raises is the sentence after the name
_VARIABLES: Mapping[str, tuple[str, Any, Callable[[str], Any]]] = {
    "env": ("TRACKER_ENV", "development", _one_of("development", "production")),
    "instance_path": ("TRACKER_INSTANCE", None, _path),
    "database_url": ("DATABASE_URL", None, _database_url),
    "redis_url": ("REDIS_URL", None, _url("redis", "rediss")),
    "smtp_url": ("SMTP_URL", None, _url("smtp", "smtps")),
    "mail_from": ("MAIL_FROM", "Tiến Độ <tien-do@localhost>", _address),
    "public_url": ("PUBLIC_URL", "http://127.0.0.1:8000", _public_url),
    "secret_key": ("SECRET_KEY", None, str),
    "trusted_proxies": ("TRUSTED_PROXIES", 0, _between(0, 9)),
    "now": ("TRACKER_NOW", None, _instant),
    "htmx": ("TRACKER_HTMX", "cdn", _one_of("cdn", "local")),
    "idle_minutes": ("TRACKER_IDLE_MINUTES", 30, _between(1, 24 * 60)),
    "absolute_hours": ("TRACKER_ABSOLUTE_HOURS", 8, _between(1, 24 * 7)),
}

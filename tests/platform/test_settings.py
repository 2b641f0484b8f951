"""The settings say everything that is wrong with them, and production is strict."""

import stat
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest

from tests.databases import SECRET
from tracker.serve import address_of
from tracker.settings import ROOT, ZONE, Settings, SettingsError

GOOD = {
    "TRACKER_ENV": "production",
    "SECRET_KEY": "kX3n9-Vq7tLw2_ZrB8mYc5HdJ4sPfG6aE1",
    "PUBLIC_URL": "https://tien-do.example",
}
# What may not be served, each alone on top of settings that may.
BAD = {
    "no secret": {"SECRET_KEY": ""},
    "a blank secret": {"SECRET_KEY": "   "},
    "a short secret": {"SECRET_KEY": "s3cret-but-short"},
    "a secret of one letter": {"SECRET_KEY": "a" * 64},
    "a secret of few letters": {"SECRET_KEY": "abcabcabc" * 6},
    "no address": {"PUBLIC_URL": ""},
    "an address without https": {"PUBLIC_URL": "http://tien-do.example"},
    "an address of another kind": {"PUBLIC_URL": "ftp://tien-do.example"},
    "an address without a host": {"PUBLIC_URL": "https://"},
    "an address with a path": {"PUBLIC_URL": "https://tien-do.example/board"},
    "an address with a password": {"PUBLIC_URL": "https://a:b@tien-do.example"},
    "a clock set apart": {"TRACKER_NOW": "2018-04-10T08:00+07:00"},
    "a clock that is none": {"TRACKER_NOW": "tomorrow"},
    "the debugger": {"FLASK_DEBUG": "1"},
    "the debugger, in words": {"FLASK_DEBUG": "True"},
    "another database": {"DATABASE_URL": "mysql://user@host/name"},
    "a database that is no address": {"DATABASE_URL": "tracker.db"},
    "a mail server that is none": {"SMTP_URL": "mail.example:25"},
    "a queue that is none": {"REDIS_URL": "memcached://host"},
    "a sender that is none": {"MAIL_FROM": "the office"},
    "a sender on two lines": {"MAIL_FROM": "a@b.example\nBcc: c@d.example"},
    "proxies without number": {"TRUSTED_PROXIES": "all"},
    "too many proxies": {"TRUSTED_PROXIES": "100"},
    "another environment": {"TRACKER_ENV": "staging"},
    "another place for htmx": {"TRACKER_HTMX": "npm"},
    "a sign-in for ever": {"TRACKER_IDLE_MINUTES": "0"},
}


def read(instance: Path, variables: dict[str, str]) -> Settings:
    return Settings.from_environment({"TRACKER_INSTANCE": str(instance)} | variables)


def test_development_needs_nothing(tmp_path: Path):
    settings = read(tmp_path / "instance", {})
    assert settings.env == "development"
    assert settings.database_url == f"sqlite:///{tmp_path}/instance/tracker.db"
    assert settings.now is None
    assert settings.htmx == "cdn"
    assert not settings.is_production
    assert not settings.is_secure


def test_the_secret_of_development_is_kept_and_private(tmp_path: Path):
    first, second = read(tmp_path, {}), read(tmp_path, {})
    assert first.secret_key == second.secret_key
    assert len(first.secret_key) >= 32
    assert stat.S_IMODE((tmp_path / "secret_key").stat().st_mode) == 0o600


def test_an_instance_that_cannot_be_written_is_said(tmp_path: Path):
    (tmp_path / "instance").write_text("a file in the way")
    with pytest.raises(SettingsError, match="SECRET_KEY"):
        read(tmp_path / "instance", {})


def test_production_starts_with_good_settings(tmp_path: Path):
    settings = read(tmp_path, GOOD)
    assert settings.is_production
    assert settings.is_secure
    assert not list(tmp_path.iterdir()), "nothing is made up in production"


@pytest.mark.parametrize("name", BAD)
def test_production_refuses(name: str, tmp_path: Path):
    with pytest.raises(SettingsError) as refused:
        read(tmp_path, GOOD | BAD[name])
    assert any(variable in str(refused.value) for variable in BAD[name])


def test_everything_wrong_is_named_at_once(tmp_path: Path):
    with pytest.raises(SettingsError) as refused:
        read(tmp_path, {"TRACKER_ENV": "production", "SMTP_URL": "x", "TRACKER_NOW": "y"})
    assert len(refused.value.problems) == 4


def test_a_bad_configuration_ends_the_process_in_words(tmp_path: Path):
    environment = {"PATH": "", "TRACKER_INSTANCE": str(tmp_path), "TRACKER_ENV": "production"}
    run = subprocess.run(
        [sys.executable, "-m", "flask", "--app", "wsgi", "routes"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode != 0
    assert "SECRET_KEY" in run.stderr
    assert "Traceback" not in run.stderr


def test_the_file_says_what_the_environment_does_not(tmp_path: Path):
    environment = {"TRACKER_INSTANCE": str(tmp_path), "TRACKER_HTMX": "cdn"}
    settings = Settings.from_environment(
        environment, {"TRACKER_HTMX": "local", "TRUSTED_PROXIES": "1"}
    )
    assert (settings.htmx, settings.trusted_proxies) == ("cdn", 1)
    assert settings.sources["TRACKER_HTMX"] == "environment"
    assert settings.sources["TRUSTED_PROXIES"] == ".env"
    assert settings.sources["SMTP_URL"] == "default"


@pytest.mark.parametrize(
    "text", ["2018-04-10T08:00", "2018-04-10T08:00+07:00", "2018-04-10T01:00Z"]
)
def test_an_instant_without_zone_is_vietnams(text: str, tmp_path: Path):
    now = read(tmp_path, {"TRACKER_NOW": text}).now
    assert now == datetime(2018, 4, 10, 8, 0, tzinfo=ZONE)


def test_secrets_do_not_show(tmp_path: Path):
    urls = {"DATABASE_URL": "postgresql://u:pw-seen@h/d", "SMTP_URL": "smtp://u:pw-seen@h:25"}
    shown = repr(read(tmp_path, {"SECRET_KEY": SECRET} | urls))
    assert SECRET not in shown
    assert "pw-seen" not in shown


@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0", "::", "::1"])
def test_the_address_served_can_be_the_public_one(host: str, tmp_path: Path):
    address = address_of(host, 8000)
    assert read(tmp_path, {"PUBLIC_URL": address}).public_url == address


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_postgresql_is_reached_by_its_driver(scheme: str, tmp_path: Path):
    settings = read(tmp_path, {"DATABASE_URL": f"{scheme}://u@h/d"})
    assert settings.database_url == "postgresql+psycopg://u@h/d"

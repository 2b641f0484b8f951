"""A password leaves only to whom it belongs; texts leave encrypted wherever the server can."""

import smtplib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

import pytest
import trustme
from aiosmtpd.smtp import AuthResult, LoginPassword

from tests.databases import running
from tests.mail.letters import an_outbox, deliver_all, mails, some_people
from tests.mail.servers import HOST, Sink, tls
from tracker.mail.smtp import AwayError, Patience, _secure

# Letters for which SMTP knows no way: "tiến độ@test.local:một:hai/ba@bốn%"
QUOTED = "ti%E1%BA%BFn%20%C4%91%E1%BB%99%40test.local:m%E1%BB%99t%3Ahai%2Fba%40b%E1%BB%91n%25"
PLAIN_USER, PLAIN_PASSWORD = "gui-thu@test.local", "a:b/c@d%e"
PLAIN_QUOTED = "gui-thu%40test.local:a%3Ab%2Fc%40d%25e"


class Papers(NamedTuple):
    """A certificate of the server, and who vouches for it."""

    certificate: Path
    key: Path
    authority: Path


@pytest.fixture(scope="session")
def papers(tmp_path_factory: pytest.TempPathFactory) -> Papers:
    folder = tmp_path_factory.mktemp("papers")
    authority = trustme.CA()
    server = authority.issue_cert("localhost", "127.0.0.1")
    papers = Papers(folder / "server.pem", folder / "server.key", folder / "authority.pem")
    server.cert_chain_pems[0].write_to_path(papers.certificate)
    server.private_key_pem.write_to_path(papers.key)
    authority.cert_pem.write_to_path(papers.authority)
    return papers


@pytest.fixture
def asked() -> list[tuple[str, str, bool]]:
    """Who signed in at the server, with which password, and whether the line was encrypted."""
    return []


def asking(asked: list[tuple[str, str, bool]]):
    def authenticate(_server, session, _envelope, _mechanism, data: LoginPassword) -> AuthResult:
        words = (data.login.decode(), data.password.decode())
        asked.append((*words, session.ssl is not None))
        is_right = words == (PLAIN_USER, PLAIN_PASSWORD)
        return AuthResult(success=is_right, handled=is_right)

    return {"authenticator": authenticate, "auth_require_tls": False}


@pytest.fixture
def offered(tmp_path: Path, papers: Papers, asked) -> Iterator[Sink]:
    """A server that offers STARTTLS and asks who one is."""
    options = {"tls_context": tls(papers.certificate, papers.key), **asking(asked)}
    with Sink(tmp_path / "taken.jsonl", **options).running() as sink:
        yield sink


@pytest.fixture
def trusted(papers: Papers, monkeypatch: pytest.MonkeyPatch) -> None:
    """This machine trusts the authority, as it would one of the organisation's own."""
    monkeypatch.setenv("SSL_CERT_FILE", str(papers.authority))


def send(settings_for, database: str, url: str) -> tuple[dict[str, int], str]:
    """Send one mail; return what became of it and the words that tell."""
    with running(settings_for(database, SMTP_URL=url)) as app:
        with app.app_context():
            an_outbox(some_people(["an@test.local"]))
        return deliver_all(app, patience=Patience()), mails(app)["an"].reply or ""


def test_where_it_is_offered_the_text_leaves_encrypted(settings_for, sqlite_database, offered):
    assert send(settings_for, sqlite_database, offered.url) == ({"sent": 1}, "250 OK")
    assert offered.encrypted == 1


def test_a_password_leaves_encrypted_and_as_it_was_meant(
    settings_for, sqlite_database, offered, asked, trusted
):
    url = offered.url.replace("://", f"://{PLAIN_QUOTED}@")
    assert send(settings_for, sqlite_database, url) == ({"sent": 1}, "250 OK")
    assert asked == [(PLAIN_USER, PLAIN_PASSWORD, True)]


def test_a_password_does_not_leave_to_a_server_nobody_vouches_for(
    settings_for, sqlite_database, offered, asked
):
    url = offered.url.replace("://", f"://{PLAIN_QUOTED}@")
    tally, words = send(settings_for, sqlite_database, url)
    assert (tally, asked) == ({"retry": 1}, [])
    assert "certificate" in words.lower()


def test_a_wrong_password_costs_no_mail(settings_for, sqlite_database, offered, asked, trusted):
    url = offered.url.replace("://", "://gui-thu%40test.local:sai@")
    tally, words = send(settings_for, sqlite_database, url)
    assert tally == {"retry": 1}
    assert words.startswith("535 ")
    assert "sai" not in words


def test_letters_a_server_cannot_be_told_are_our_own_mistake(
    settings_for, sqlite_database, offered, asked, trusted
):
    url = offered.url.replace("://", f"://{QUOTED}@")
    tally, words = send(settings_for, sqlite_database, url)
    assert (tally, asked) == ({"retry": 1}, [])
    assert words == "User and password for the mail server must be plain ASCII."


def test_smtps_is_encrypted_from_the_first_byte(
    settings_for, sqlite_database, tmp_path, papers, trusted
):
    context = tls(papers.certificate, papers.key)
    with Sink(tmp_path / "taken.jsonl", ssl_context=context).running() as sink:
        url = sink.url.replace("smtp://", "smtps://")
        assert send(settings_for, sqlite_database, url) == ({"sent": 1}, "250 OK")


def test_smtps_goes_to_nobody_else(settings_for, sqlite_database, tmp_path, papers):
    context = tls(papers.certificate, papers.key)
    with Sink(tmp_path / "taken.jsonl", ssl_context=context).running() as sink:
        url = sink.url.replace("smtp://", "smtps://")
        assert send(settings_for, sqlite_database, url)[0] == {"retry": 1}
        assert sink.taken() == []


def test_on_this_machine_a_password_needs_no_encryption(
    settings_for, sqlite_database, tmp_path, asked
):
    with Sink(tmp_path / "taken.jsonl", **asking(asked)).running() as sink:
        url = sink.url.replace("://", f"://{PLAIN_QUOTED}@")
        assert send(settings_for, sqlite_database, url)[0] == {"sent": 1}
    assert asked == [(PLAIN_USER, PLAIN_PASSWORD, False)]


@pytest.mark.parametrize("host", ["mail.test.local", "10.0.0.1", "localhost.test.local", ""])
def test_elsewhere_a_password_without_encryption_stays_here(tmp_path, asked, host):
    """The line is to this machine; the address says that it is another."""
    with Sink(tmp_path / "taken.jsonl", **asking(asked)).running() as sink:
        with (
            smtplib.SMTP(HOST, sink.port, "test.local") as line,
            pytest.raises(AwayError) as refused,
        ):
            line.ehlo()
            _secure(line, urlsplit(f"smtp://{PLAIN_QUOTED}@{host}"))
        assert str(refused.value) == "The server offers no encryption; the password was not sent."

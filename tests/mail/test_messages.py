"""What leaves says one thing only, and says it in the same bytes each time."""

from datetime import UTC, datetime
from email import message_from_bytes
from email.header import decode_header, make_header
from email.policy import compat32, default

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.mail.letters import OFF
from tracker.mail.messages import (
    Letter,
    MalformedError,
    domain_of,
    envelope,
    freeze,
    message_id,
)

AT = datetime(2026, 11, 23, 0, 30, 5, 999, tzinfo=UTC)
ID = message_id("digest", "2018-04-10", 17, "viec.test.local")


def a_letter(**fields) -> Letter:
    values = {
        "address": "an@test.local",
        "name": "Lê Thị An",
        "subject": "[Quá hạn 2] Nhiệm vụ của Ban Tổ chức Tỉnh ủy Hải Sơn, ngày 10-4-2018",
        "text": "Kính gửi Lê Thị An,\n.\n..Hai dấu chấm ở đầu dòng.\n",
        "html": "<p lang='vi'>Kính gửi Lê Thị An</p>",
    }
    return Letter(**(values | fields))


def sent(letter: Letter):
    return envelope(freeze(letter, ID, "Tiến Độ <tien-do@test.local>", AT))


def read(letter: Letter):
    return message_from_bytes(sent(letter).data, policy=default)


def test_a_mail_says_from_whom_to_whom_when_and_what():
    message = read(a_letter())
    assert {name: message[name] for name in ("From", "To", "Date", "Subject", "Message-ID")} == {
        "From": "Tiến Độ <tien-do@test.local>",
        "To": "Lê Thị An <an@test.local>",
        "Date": "Mon, 23 Nov 2026 00:30:05 +0000",
        "Subject": a_letter().subject,
        "Message-ID": ID,
    }
    assert message["Auto-Submitted"] == "auto-generated"
    parts = [part.get_content_type() for part in message.iter_parts()]
    assert parts == ["text/plain", "text/html"]
    bodies = [message.get_body([kind]).get_content() for kind in ("plain", "html")]
    assert [b.replace("\r\n", "\n") for b in bodies] == [a_letter().text, a_letter().html + "\n"]


@pytest.mark.parametrize("length", range(40, 130, 3))
def test_a_subject_of_any_length_arrives_word_for_word(length):
    subject = ("[Quá hạn 12] Nhiệm vụ của Ban Tổ chức Tỉnh ủy Hải Sơn, " * 3)[:length].strip()
    assert read(a_letter(subject=subject, name=subject))["Subject"] == subject


@pytest.mark.parametrize("name", ["", "An Le", 'An "Le", \\ (x) <y>', "Lê Thị An " * 90, "a" * 900])
def test_a_name_however_written_leaves_the_address_alone(name):
    words, _, address = header(sent(a_letter(name=name)).data, "To").rpartition(" ")
    # Read by an older reader than the one above, which puts spaces into names of several words.
    read_again = str(make_header(decode_header(words))).replace("\\", "").strip('"')
    assert (address.strip("<>"), read_again) == ("an@test.local", name.replace("\\", "").strip('"'))


def header(data: bytes, name: str) -> str:
    return str(message_from_bytes(data, policy=compat32)[name])


def test_only_plain_ascii_leaves_in_lines_that_every_server_takes():
    lines = sent(a_letter(text="ộ" * 5000)).data.split(b"\r\n")
    assert b"".join(lines).isascii()
    assert max(map(len, lines)) <= 998
    assert not any(b"\n" in line or b"\r" in line for line in lines)


def test_the_same_letter_gives_the_same_bytes():
    assert sent(a_letter()).data == sent(a_letter()).data


def test_the_way_to_turn_it_off_stays_whole_on_one_line():
    data = sent(
        a_letter(
            headers={
                "List-Unsubscribe": f"<{OFF}>",
                "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            }
        )
    ).data
    assert f"List-Unsubscribe: <{OFF}>\r\n".encode() in data
    assert b"List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n" in data


def test_the_id_hangs_on_the_key_alone():
    assert message_id("digest", "2018-04-10", 17, "viec.test.local") == ID
    others = [
        ("invitation", "2018-04-10", 17),
        ("digest", "2018-04-11", 17),
        ("digest", "2018-04-10", 18),
    ]
    assert len({ID, *(message_id(*key, "viec.test.local") for key in others)}) == 4
    assert ID.startswith("<digest.2018-04-10.17.")
    assert ID.endswith("@viec.test.local>")


@pytest.mark.parametrize(
    ("url", "domain"),
    [
        ("https://viec.test.local", "viec.test.local"),
        ("http://127.0.0.1:8000", "127.0.0.1"),
        ("http://[::1]:8000", "[IPv6:::1]"),
    ],
)
def test_ids_end_in_the_public_host(url, domain):
    assert domain_of(url) == domain


@pytest.mark.parametrize("field", ["address", "name", "subject"])
@pytest.mark.parametrize(
    "end", ["\r\nBcc: x@test.local", "\nX: y", "\rX: y", "\0", "\x85", "\u2028"]
)
def test_a_line_end_is_refused_wherever_it_stands_in_a_header(field, end):
    with pytest.raises(MalformedError):
        sent(a_letter(**{field: f"an@test.local{end}"}))


@pytest.mark.parametrize(
    "headers",
    [
        {"List-Unsubscribe": "<https://viec.test.local>\r\nBcc: x@test.local"},
        {"List-Unsubscribe": "<https://viec.test.local/đ>"},
        {"List-Unsubscribe": "x" * 1000},
        {"Bcc": "x@test.local"},
        {"To": "x@test.local"},
        {"List-Unsubscribe\r\nBcc": "x@test.local"},
        {"": "x"},
    ],
)
def test_a_letter_adds_no_headers_but_its_own(headers):
    with pytest.raises(MalformedError):
        sent(a_letter(headers=headers))


@pytest.mark.parametrize(
    "address",
    ["", "an", "an@", "@test.local", "an@test.local>", "<an@test.local", "an@test.local, ha@test.local",
     "an@test.local ha@test.local", "a@b@c", "ân@test.local", f"{'x' * 250}@test.local"],
)  # fmt: skip
def test_what_is_no_address_is_refused(address):
    with pytest.raises(MalformedError):
        sent(a_letter(address=address))


def test_a_domain_in_other_letters_is_written_as_servers_know_it():
    assert sent(a_letter(address="an@việc.vn")).address == "an@xn--vic-5kz.vn"


@given(st.text(max_size=60), st.text(max_size=60), st.text(max_size=200))
def test_whatever_is_typed_a_mail_has_our_headers_and_no_others(name, subject, text):
    try:
        data = sent(a_letter(name=name, subject=subject, text=text)).data
    except MalformedError:
        return
    head = data.partition(b"\r\n\r\n")[0]
    names = [line.partition(b":")[0] for line in head.split(b"\r\n") if line[:1] not in b" \t"]
    assert sorted(names) == sorted(
        [b"From", b"To", b"Date", b"Subject", b"Message-ID", b"Auto-Submitted", b"MIME-Version",
         b"Content-Type"]
    )  # fmt: skip

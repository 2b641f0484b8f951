"""Which passwords are taken, and how they are kept."""

import pytest
from argon2 import PasswordHasher

from tests.worlds import a_person
from tracker.db import db
from tracker.people import passwords
from tracker.people.models import Person


@pytest.mark.parametrize(
    "password",
    [
        "một câu dài có năm từ",
        "correct horse battery",
        "gió mùa thổi qua đồi",
        "x7Kq2mP9vL4tR8wZ",
        "sông chảy về phía biển " * 5,
    ],
)
def test_a_sentence_or_chance_is_taken(password):
    assert passwords.weakness(password, "Lê Thị An", "an@demo.local") is None


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("", passwords.TOO_SHORT),
        ("mười bốn chữ c", passwords.TOO_SHORT),
        ("x7Kq2mP9vL4tR8wZ" * 9, passwords.TOO_LONG),
        ("aaaaaaaaaaaaaaaa", passwords.TOO_PLAIN),
        ("abcabcabcabcabcabc", passwords.TOO_PLAIN),
        ("123456789012345", passwords.TOO_PLAIN),
        ("qwertyuiopasdfghjkl", passwords.TOO_PLAIN),
        ("matkhau-matkhau-2018", passwords.TOO_PLAIN),
        ("Mật khẩu Tỉnh ủy 2024", passwords.TOO_PLAIN),
        ("tien-do-dak-nong-2018", passwords.TOO_PLAIN),
        ("Trần Quốc Tuấn 1995", passwords.TOO_PLAIN),
        ("quoctuan.tran@mail", passwords.TOO_PLAIN),
        (" " * 20, passwords.TOO_PLAIN),
    ],
)
def test_what_anybody_would_guess_is_refused(password, reason):
    found = passwords.weakness(password, "Trần Quốc Tuấn", "quoctuan.tran@mail.local")
    assert found is not None
    assert found[0] == reason


def test_the_way_a_keyboard_composes_its_letters_makes_no_difference():
    kept = passwords.hash_password("gió mùa thổi qua đồi")
    decomposed = "gio\u0301 mu\u0300a tho\u0302\u0309i qua đo\u0302\u0300i"
    assert passwords.fits(decomposed, kept)


def test_spaces_at_the_ends_belong_to_a_password():
    assert not passwords.fits(
        "gió mùa thổi qua đồi ", passwords.hash_password("gió mùa thổi qua đồi")
    )


def test_argon2id_with_the_parameters_of_the_house():
    assert passwords.hash_password("whatever it is").startswith("$argon2id$v=19$m=19456,t=2,p=1$")


def test_a_broken_hash_opens_nothing():
    assert not passwords.fits("whatever it is", "not a hash")
    assert not passwords.fits("a password that opens nothing", None)


def test_an_older_hash_is_made_anew_when_its_owner_signs_in(app, client):
    secret = "gió mùa thổi qua đồi"
    with app.app_context():
        person = a_person("Hà Thị Sen", "sen@test.local")
        person.password_hash = PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1).hash(
            secret
        )
        db.session.commit()
        number = person.id
    client.sign_in("sen@test.local", secret)
    with app.app_context():
        assert "m=19456,t=2,p=1" in (db.session.get_one(Person, number).password_hash or "")

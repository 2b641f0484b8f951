"""The form every form is made from."""

import pytest
from werkzeug.datastructures import MultiDict
from wtforms import PasswordField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length

from tracker.forms import LINE, WORDS, Form, Kept, Versioned


class Note(Form):
    """A form as any room of the house has one."""

    title = StringField("Title", [DataRequired(), Length(max=20)])
    words = TextAreaField("Words")
    place = StringField("Place")
    secret = PasswordField("Secret")


class Change(Versioned):
    """A form that changes a record."""

    title = StringField("Title")


class Record:
    """A record that counts its changes."""

    version = 3
    title = "as stored"


def sent(app, kind, **fields):
    """Return the form of a POST, checked."""
    app.config["WTF_CSRF_ENABLED"] = False
    with app.test_request_context("/x?lang=en", method="POST", data=fields):
        form = kind()
        form.validate()
        return form


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("e\u0301", "é"),
        ("  many \t spaces\n and lines ", "many spaces and lines"),
        ("nul\0 and bell\a", "nul and bell"),
        ("Đắk Mil", "Đắk Mil"),
    ],
)
def test_a_line_is_kept_clean(app, typed, kept):
    assert sent(app, Note, title=typed).title.data == kept


def test_several_lines_stay_several_lines(app):
    assert sent(app, Note, words=" one\r\n\r\ntwo ").words.data == "one\n\ntwo"


def test_a_password_is_left_as_typed(app):
    assert sent(app, Note, secret="  a  b ").secret.data == "  a  b "


@pytest.mark.parametrize(("field", "most"), [("title", 20), ("place", LINE), ("words", WORDS)])
def test_each_kind_of_text_has_a_limit_and_says_it(app, field, most):
    assert not sent(app, Note, **{field: "x" * most})[field].errors or field == "words"
    assert sent(app, Note, **{field: "x" * (most + 1)})[field].errors


@pytest.mark.parametrize("words", ["NgÃ´ Thá»‹ ÄÃ o", "§¶k N«ng ®Êt n\u00adíc ®¸"])
def test_text_in_an_old_encoding_is_refused(app, words):
    (error,) = sent(app, Note, title="ok", words=words).words.errors
    assert "Unicode" in error


def test_what_wtforms_says_is_said_in_our_words(app):
    assert sent(app, Note).title.errors == ["Fill this in."]


def test_a_change_without_version_is_refused(app):
    assert "version" in sent(app, Change, title="x").errors
    assert "version" in sent(app, Change, title="x", version="one").errors


def test_a_stale_change_is_known_and_the_next_page_carries_the_new_version(app):
    form = sent(app, Change, title="x", version="2")
    assert form.is_stale(Record())
    form.refresh(Record())
    assert 'value="3"' in form.version()
    assert form.title.data == "x"


def test_the_version_is_never_written_to_the_record(app):
    record = Record()
    sent(app, Change, title="typed", version="9").populate_obj(record)
    assert (record.title, record.version) == ("typed", 3)


@pytest.mark.parametrize(
    ("action", "fields", "shown"),
    [
        (None, {"title": "typed", "version": "2"}, "typed"),
        ("/x", {"title": "typed", "version": "2"}, "typed"),
        ("/y", {"title": "typed", "version": "2"}, "as stored"),
        (None, {"title": "typed", "reason": "of another form"}, "as stored"),
        (None, {}, "as stored"),
    ],
)
def test_a_form_takes_back_only_what_was_typed_into_it(app, action, fields, shown):
    app.extensions["kept_form"] = lambda: Kept("/x", MultiDict(fields))
    with app.test_request_context("/x"):
        assert Change(obj=Record(), action=action).title.data == shown

"""The pages of everybody's own account: signing in and out, the set-up, password, preferences."""

from typing import Any

from flask import abort, g, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from tracker.clock import machine_now
from tracker.committees import queries as committees
from tracker.committees.names import ROLES
from tracker.feeds import door as feeds_door
from tracker.forms import status_of, words
from tracker.history.actions import Doer
from tracker.languages import cookie, with_cookies
from tracker.people import actions, administration, door, gate, queries, signing
from tracker.people.forms import (
    NewPasswordForm,
    PasswordForm,
    PreferencesForm,
    SetupForm,
    SignInForm,
)
from tracker.people.models import Person
from tracker.policy import Standing, Verb
from tracker.web import (
    SAFE_METHODS,
    Answer,
    for_verb,
    local_path,
    now,
    page,
    say,
    see_other,
    today,
)

pages = administration.pages  # the administrators' pages stand on the same blueprint
SETUP = "setup"


# --- in and out -------------------------------------------------------------------------------------


@pages.route("/sign-in", methods=["GET", "POST"])
@for_verb(Verb.OPEN_DOOR)
@door.limited(lambda: queries.email_key(request.form.get("email", "")))
def sign_in() -> Answer:
    """Let somebody in."""
    form = SignInForm()
    if form.validate_on_submit():
        person = door.whose(words(form.email), words(form.password))
        if person is not None:
            door.succeeded()
            return _welcome(person)
        form.refuse()
    if request.method in SAFE_METHODS and Standing.PERSON in g.me.standings:
        return see_other(local_path(request.args.get("next")) or "/")
    onward = local_path(request.args.get("next"))
    return page(
        "people/sign_in.html", status_of(form), form=form, onward=onward, kept=gate.has_kept()
    )


def _welcome(person: Person) -> AnyResponse:
    signing.begin(person)
    target, has_kept = gate.way_on(person.id, request.args.get("next"))
    if has_kept:
        say(_("What you had typed is in the form again. Check it, then send it."))
    return see_other(target)


@pages.post("/sign-out")
@for_verb(Verb.OPEN_DOOR)
def sign_out() -> Answer:
    """Let somebody out; who already is, is none the worse."""
    signing.end()
    say(_("You are signed out."))
    return see_other(url_for(".sign_in"))


@pages.route("/setup", methods=["GET", "POST"])
@for_verb(Verb.OPEN_DOOR)
@door.limited(lambda: SETUP)
def setup() -> Answer:
    """Make the first administrator, with the code the server printed; then the page is gone."""
    form = SetupForm()
    if request.method == "POST":
        door.write_afresh()
    door.in_turn()  # of two at once, the second finds somebody there
    if queries.is_anybody():
        abort(404)
    if form.validate_on_submit():
        if door.is_setup_code(words(form.code)):
            return _first(form)
        form.refuse()
    return page("people/setup.html", status_of(form), form=form)


def _first(form: SetupForm) -> AnyResponse:
    door.succeeded()
    person = actions.add_person(
        words(form.name), words(form.email), is_admin=True, by=Doer(), at=now()
    )
    actions.set_password(person, words(form.password), machine_now())
    signing.begin(person)
    say(_("Everything is ready. Enter the units first, then the people who work in them."))
    return see_other(url_for(".index"))


@pages.route("/invitations/<token>", methods=["GET", "POST"])
@for_verb(Verb.OPEN_DOOR)
@door.limited(lambda: queries.digest((request.view_args or {})["token"]))
def invitation(token: str) -> Answer:
    """Let the invited set a password; looking at the link uses nothing up."""
    if request.method == "POST":
        door.write_afresh()
    found = door.invitation_or_404(token)
    form = NewPasswordForm()
    form.owner = found.person
    if not door.is_good(found):
        return page("people/invitation_over.html", 410)
    if not form.validate_on_submit():
        return page("people/invitation.html", status_of(form), form=form, person=found.person)
    if not actions.accept(found, words(form.password), machine_now()):
        return page("people/invitation_over.html", 410)
    door.succeeded()
    return _welcome(found.person)


# --- one's own account ------------------------------------------------------------------------------


@pages.get("/people/me")
@for_verb(Verb.KEEP_ACCOUNT)
def me() -> Answer:
    """Show one's own account."""
    return _account()


def _account(**forms: Any) -> Answer:
    person = g.me.person
    form = forms.get("password_form") or PasswordForm(action=url_for(".password"))
    return page(
        "people/me.html",
        status_of(form),
        password_form=form,
        preferences_form=PreferencesForm(person, keys=cookie("keys"), formdata=None),
        tenures=committees.held_by([person.id], today())[person.id],
        sign_ins=signing.active(person),
        calendar=feeds_door.own(),
        roles=ROLES,
    )


@pages.post("/people/me/password")
@for_verb(Verb.KEEP_ACCOUNT)
@door.limited(lambda: g.me.person.email_key)
def password() -> Answer:
    """Change one's password; every other sign-in ends."""
    form = PasswordForm(action=request.path)
    form.owner = g.me.person
    if not form.validate_on_submit():
        return _account(password_form=form)
    if not door.is_own_password(words(form.current)):
        form.refuse()
        return _account(password_form=form)
    door.succeeded()
    actions.change_password(g.me.person, words(form.password), g.sign_in, machine_now())
    say(_("The password is changed. Every other sign-in has ended."))
    return see_other(url_for(".me"))


@pages.post("/people/me/preferences")
@for_verb(Verb.KEEP_ACCOUNT)
def preferences() -> Answer:
    """Remember a language and colours, and in this browser whether single keys act."""
    form = PreferencesForm(g.me.person)
    if not form.validate_on_submit():
        abort(422)
    lang, theme = (None if v == "auto" else v for v in (form.lang.data, form.theme.data))
    actions.prefer(g.me.person, lang, theme)
    say(_("The settings are saved."))
    keys = "off" if form.keys.data == "off" else None
    return with_cookies(see_other(url_for(".me")), lang=lang, theme=theme, keys=keys)


@pages.post("/theme")
@for_verb(Verb.OPEN_DOOR)
def theme() -> Answer:
    """Choose light or dark, in this browser and for the account."""
    wish = request.form.get("theme")
    chosen = wish if wish in {"light", "dark"} else None
    if g.me.person is not None:
        actions.prefer(g.me.person, g.me.person.lang, chosen)
    target = local_path(request.form.get("next")) or "/"
    return with_cookies(see_other(target), theme=chosen)


@pages.post("/people/me/sign-ins/<int:sign_in_id>/end")
@for_verb(Verb.KEEP_ACCOUNT)
def end_sign_in(sign_in_id: int) -> Answer:
    """End one of one's own sign-ins."""
    actions.end_sign_in(door.own_sign_in_or_404(sign_in_id), machine_now())
    say(_("The sign-in has ended."))
    return see_other(url_for(".me"))


@pages.post("/people/me/sign-ins/end")
@for_verb(Verb.KEEP_ACCOUNT)
def end_others() -> Answer:
    """End all of one's sign-ins but this one."""
    actions.end_sign_ins(g.me.person, machine_now(), keep=g.sign_in)
    say(_("Every other sign-in has ended."))
    return see_other(url_for(".me"))

"""Every door of the site names its verb of the policy table."""

import pytest
from flask import Flask

from tracker.policy import TABLE, Verb
from tracker.tasks.lifecycle import MOVES

WITHOUT = {"static"}  # files for everybody


def doors(app: Flask) -> list[str]:
    return sorted({rule.endpoint for rule in app.url_map.iter_rules()} - WITHOUT)


def test_every_route_stands_for_a_verb(app: Flask):
    """Fix: decorate the view with @for_verb, @stands_for or its package's door."""
    verbs = {name: getattr(app.view_functions[name], "verb", None) for name in doors(app)}
    assert not [name for name, verb in verbs.items() if not isinstance(verb, Verb)]


@pytest.mark.parametrize("verb", Verb)
def test_every_verb_is_decided(verb: Verb):
    """Fix: add the verb to the table in tracker/policy.py."""
    assert TABLE[verb]


def test_no_verb_without_a_door(app: Flask):
    """Fix: a verb nothing asks for is a right nobody reviews; take it out, or build its route."""
    used = {getattr(app.view_functions[name], "verb", None) for name in doors(app)} | set(MOVES)
    assert not [verb for verb in Verb if verb not in used]


def test_a_get_never_changes_anything(app: Flask):
    """Fix: two routes, one that shows and one that acts."""
    mixed = [
        str(rule)
        for rule in app.url_map.iter_rules()
        if {"PUT", "PATCH", "DELETE"} & (rule.methods or set())
    ]
    assert not mixed, "the forms of the site know GET and POST only"


def test_only_the_links_that_stop_a_digest_are_posted_without_a_token(app: Flask):
    """Fix: a form of the site carries csrf_token; a link of a mail proves by itself what it may do."""
    csrf = app.extensions["csrf"]
    assert csrf._exempt_views == {"tracker.digests.views.off"}
    assert not csrf._exempt_blueprints
    rules = [rule for rule in app.url_map.iter_rules() if rule.endpoint == "digests.off"]
    assert [str(rule) for rule in rules] == ["/digest/off/<token>"]
    assert getattr(app.view_functions["digests.off"], "verb", None) is Verb.OPEN_DOOR

"""Documents and what they follow from: no circles, every step told once, history kept."""

import itertools
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select

from tests.worlds import AT, a_document, a_world, doer, follows
from tracker.db import db
from tracker.documents import actions, queries
from tracker.documents.actions import CircleError, DocumentFacts
from tracker.documents.models import Lineage
from tracker.history.actions import Doer
from tracker.history.models import Event, EventText, Kind

NOBODY = Doer()


def facts_of(document, **changes):
    names = set(DocumentFacts.__dataclass_fields__) - {"parents"}
    said = DocumentFacts(**{name: getattr(document, name) for name in names})
    return replace(said, parents=frozenset(queries.parent_ids(document.id)), **changes)


def last_event():
    return db.session.scalars(select(Event).order_by(Event.id.desc())).first()


@pytest.fixture
def chain(session):
    """A resolution, its programme, the plan of that, and a guidance on the resolution."""
    made = [a_document(name) for name in ("nghị quyết", "chương trình", "kế hoạch", "hướng dẫn")]
    resolution, programme, plan, guidance = made
    follows(resolution, programme)
    follows(programme, plan)
    follows(resolution, guidance)
    return made


def test_a_document_belongs_to_the_unit_that_entered_it(session):
    world = a_world()
    said = DocumentFacts(kind_vi="Chỉ thị", subject_vi="về sinh hoạt chi bộ", symbol="10-CT/TW")
    document = actions.add_document(said, by=doer(world.binh), at=AT)
    assert document.receiver_id == world.province.id
    assert (last_event().kind, last_event().subject_id) == (Kind.DOCUMENT_ADDED, document.id)
    assert "10-ct/tw" in document.search_key


def test_up_and_down_are_told_in_full(chain):
    resolution, programme, plan, guidance = chain
    above = queries.ancestors(plan.id)
    assert [link.document.id for link in above] == [programme.id]
    assert [link.document.id for link in above[0].beyond] == [resolution.id]
    below = queries.descendants(resolution.id)
    assert {d.id for d in queries.flat(below)} == {programme.id, plan.id, guidance.id}
    assert queries.ancestors(resolution.id) == queries.descendants(plan.id) == []


def test_a_document_reached_by_two_ways_is_told_once_and_mentioned_again(chain):
    resolution, programme, _plan, guidance = chain
    follows(guidance, programme)
    below = queries.descendants(resolution.id)
    told = [link for link in _walk(below) if link.document.id == programme.id]
    assert sorted(link.again for link in told) == [False, True]
    assert len(queries.flat(below)) == 3


def _walk(links):
    for link in links:
        yield link
        yield from _walk(link.beyond)


@pytest.mark.parametrize("parent", [0, 1, 2])
def test_a_document_cannot_follow_from_itself_or_from_what_follows_from_it(chain, parent):
    said = replace(facts_of(chain[0]), parents=frozenset({chain[parent].id}))
    with pytest.raises(CircleError):
        actions.edit_document(chain[0], said, by=NOBODY, at=AT)


def test_a_new_parent_leaves_the_notes_of_those_that_stay(chain):
    resolution, programme, _plan, guidance = chain
    edge = db.session.get_one(Lineage, (resolution.id, programme.id))
    edge.note, edge.prov = "theo tinh thần", {"self": "reading"}
    db.session.flush()
    both = [resolution.id, guidance.id]
    said = replace(facts_of(programme), parents=frozenset(both))
    actions.edit_document(programme, said, by=NOBODY, at=AT)
    assert queries.parent_ids(programme.id) == set(both)
    assert db.session.get_one(Lineage, (resolution.id, programme.id)).note == "theo tinh thần"
    told = last_event().data
    assert (told["changed"], told["came"]) == (["parents"], [guidance.id])


def test_lineage_takes_the_same_queries_however_long_it_is(session, queries):
    from tracker.documents.queries import ancestors

    made = [a_document(f"văn bản {n}") for n in range(40)]
    for parent, child in itertools.pairwise(made):
        follows(parent, child)
    with queries.counting():
        ancestors(made[1].id)
    short = len(queries)
    with queries.counting():
        ancestors(made[-1].id)
    assert len(queries) == short


def test_history_keeps_the_old_date_in_the_event_and_the_old_words_beside_it(session):
    document = a_document("về tinh giản biên chế", issued_on=date(2015, 4, 7))
    said = facts_of(document, issued_on=date(2015, 4, 17), subject_vi="tinh giản")
    actions.edit_document(document, said, by=NOBODY, at=AT)
    event = last_event()
    assert event.data["old"] == {"issued_on": "2015-04-07"}
    assert event.data["new"] == {"issued_on": "2015-04-17"}
    words = session.scalar(select(EventText.words).where(EventText.event_id == event.id))
    assert words == "về tinh giản biên chế → tinh giản"


def test_what_a_person_types_is_no_longer_vouched_for_by_the_source(session):
    document = a_document("x", prov={"date": "stated", "subject": "reading"})
    said = facts_of(document, issued_on=date(2018, 1, 1))
    actions.edit_document(document, said, by=NOBODY, at=AT)
    assert document.prov == {"subject": "reading"}

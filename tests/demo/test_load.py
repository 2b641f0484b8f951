"""The demonstration is the whole file, and nothing but the file."""

import copy
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from flask import Flask
from sqlalchemy import func, select

from tests.databases import SettingsFor, running
from tracker.clock import ZONE, machine_now
from tracker.committees.models import Role, Seat, Tenure, Unit, UnitKind, UnitMember
from tracker.committees.standings import me_of
from tracker.db import db
from tracker.demo.load import STARTS_AT, load, restart_clock
from tracker.demo.people import PASSWORD, PEOPLE
from tracker.demo.source import NOTES, PATH, Unfit, read
from tracker.documents.models import Document, Lineage
from tracker.history.actions import Doer, record
from tracker.history.models import Event, Kind
from tracker.measures.models import Measure, Reading
from tracker.people.models import Person
from tracker.people.passwords import fits
from tracker.plans.models import Plan
from tracker.rules.queries import clock, is_demonstration
from tracker.tasks.lifecycle import State, Tie
from tracker.tasks.models import Dependency, Task
from tracker.tasks.queries import counted, visible_to
from tracker.tasks.timeliness import Timeliness, timeliness
from tracker.visits.models import Visit, Visitor

FILE = read(PATH)
TODAY = STARTS_AT.date()


@pytest.fixture
def demo(demo_app: Flask):
    """A session on the demonstration."""
    with demo_app.app_context():
        yield db.session


def by_code(session, row) -> dict[str, Any]:
    """Return the rows of a table by the file's ids."""
    return {found.code: found for found in session.scalars(select(row))}


def count(session, row, *conditions) -> int:
    """Count rows."""
    return int(session.scalar(select(func.count()).select_from(row).where(*conditions)))


def as_me(session, account: str):
    """Return the person with the seats they hold in the demonstration."""
    person = session.scalar(select(Person).where(Person.email == f"{account}@demo.local"))
    return me_of(person, TODAY)


def test_every_entry_of_the_file_is_a_row(demo):
    for entries, row in (
        ("organisations", Unit),
        ("documents", Document),
        ("plans", Plan),
        ("field_visits", Visit),
    ):
        assert set(by_code(demo, row)) == {entry["id"] for entry in FILE[entries]}
    assert count(demo, Lineage) == len(FILE["lineage"])
    assert count(demo, Task, Task.parent_id.is_(None)) == len(FILE["tasks"]) == 32
    waiting = sum(len(task.get("depends_on", ())) for task in FILE["tasks"])
    assert count(demo, Dependency) == waiting
    visitors = sum(len(visit.get("by", ())) for visit in FILE["field_visits"])
    assert count(demo, Visitor) == visitors


def test_three_tasks_are_fanned_out_over_eight_units_each(demo):
    children = demo.scalars(select(Task).where(Task.tie == Tie.FANOUT)).all()
    codes = {task.code: task.id for task in demo.scalars(select(Task))}
    assert Counter(child.parent_id for child in children) == {
        codes[code]: 8 for code in ("T12", "T23", "T30")
    }
    assert all(child.prov["status"] == "assumption" for child in children)
    assert {child.state for child in children} == {State.IN_PROGRESS}


def test_every_co_ordinator_has_a_line(demo):
    lines = by_code(demo, Task)
    for entry in FILE["tasks"]:
        for unit in entry["coordinate"]:
            line, task = lines[f"{entry['id']}+{unit}"], lines[entry["id"]]
            assert line.tie is Tie.LINE
            assert line.parent_id == task.id
            assert (line.due_on, line.due_words) == (task.due_on, task.due_words)
            assert (line.state, line.state_stated) == (
                (State.DONE, True) if task.state is State.DONE else (State.ASSIGNED, False)
            )
            assert line.done_on is None


def test_the_totals_count_53_tasks_on_every_database(any_demo_app):
    with any_demo_app.app_context():
        assert count(db.session, Task, counted()) == 53
        assert count(db.session, Task) == 81


def test_the_figures_of_the_tenth_of_april_follow_from_the_file(demo):
    cells = Counter(
        timeliness(task.state, *task.days(), today=TODAY)
        for task in demo.scalars(select(Task).where(counted()))
    )
    assert cells == {
        Timeliness.ON_TIME: 3,  # T04, T06, T11: all of 2017, done within it
        Timeliness.OVERDUE: 3,  # T27, T28, T29: the end of quarter I has passed
        Timeliness.NO_DEADLINE: 47,
    }


@pytest.mark.parametrize("account", ["office", "leader"])
def test_office_and_leader_see_all_32_tasks(demo, account):
    seen = demo.scalars(visible_to(as_me(demo, account)).where(Task.parent_id.is_(None))).all()
    assert len(seen) == 32


def test_the_others_see_what_their_units_have_to_do_with(demo):
    seen = {
        account: {task.code for task in demo.scalars(visible_to(as_me(demo, account)))}
        for account in ("chair", "member", "admin")
    }
    assert seen["admin"] == set()
    assert {"T27", "T28", "T29", "T26", "T27+btc_tu"} <= seen["chair"]
    assert {"T09", "T09+hu_dak_mil", "T12/hu_dak_mil", "T23/hu_dak_mil"} <= seen["member"]
    assert not {"T12", "T23", "T30", "T12/hu_cu_jut", "T10"} & seen["member"]


def test_a_collective_lists_the_units_its_tasks_are_fanned_out_over(demo):
    units = by_code(demo, Unit)
    for collective in ("huyen_thi_truc_thuoc", "btv_huyen_thi"):
        members = demo.scalars(
            select(UnitMember).where(UnitMember.collective_id == units[collective].id)
        ).all()
        assert len(members) == 8
        assert {member.prov["self"] for member in members} == {"assumption"}


def test_who_leads_or_assigns_has_a_chair_or_an_office(demo):
    busy = set(demo.scalars(select(Task.lead_id))) | set(demo.scalars(select(Task.assigner_id)))
    held = set(
        demo.scalars(
            select(Seat.unit_id).join(Tenure).where(Seat.role.in_([Role.CHAIR, Role.OFFICE]))
        )
    )
    for unit in demo.scalars(select(Unit).where(Unit.id.in_(busy))):
        if unit.kind is not UnitKind.COLLECTIVE and not unit.outside:
            assert unit.id in held, unit.code


def test_the_five_accounts_open_with_the_published_password(demo):
    people = {person.email: person for person in demo.scalars(select(Person))}
    assert len(people) == len(PEOPLE)
    for account in ("office", "leader", "chair", "member", "admin"):
        assert fits(PASSWORD, people[f"{account}@demo.local"].password_hash)
    assert [person.email for person in people.values() if person.is_admin] == ["admin@demo.local"]


def test_nobody_judges_a_hand_in_of_their_own(demo):
    tasks, units = by_code(demo, Task), {u.id: u.code for u in demo.scalars(select(Unit))}
    assert all(task.verdict_unit_id != task.lead_id for task in tasks.values())
    assert all(units[task.verdict_unit_id] not in {"tw", None} for task in tasks.values())
    judges = {code: units[tasks[code].verdict_unit_id] for code in ("T14", "T12", "T12/hu_dak_mil")}
    assert judges == {"T14": "btv_tu", "T12": "tt_tu", "T12/hu_dak_mil": "tt_tu"}
    assert units[tasks["T27+btc_tu"].assigner_id] == "bcd_nq18"
    assert units[tasks["T31+btc_tu"].assigner_id] == "btc_tu"


def test_a_deadline_keeps_its_words_and_how_they_were_read(demo):
    tasks = by_code(demo, Task)
    assert (tasks["T27"].due_kind, tasks["T27"].due_on) == ("by", date(2018, 3, 31))
    assert tasks["T27"].due_words == tasks["T27"].first_due_words == "hết quý I-2018"
    assert (tasks["T04"].due_kind, tasks["T04"].starts_on) == ("year", date(2017, 1, 1))
    assert {code: tasks[code].due_kind for code in ("T05", "T07", "T08", "T12", "T31")} == {
        "T05": "ongoing",
        "T07": "ongoing",
        "T08": "vague",
        "T12": "ongoing",
        "T31": "vague",
    }
    assert tasks["T01"].due_kind is None


def test_a_task_has_no_day_and_no_source_that_is_not_stated(demo):
    columns = {"due": "due_on", "completed": "done_on", "source": "document_id"}
    tasks = by_code(demo, Task)
    for entry in FILE["tasks"]:
        task = tasks[entry["id"]]
        unknown = {field for field, word in task.prov.items() if word == "not_stated"}
        assert all(getattr(task, columns[field]) is None for field in unknown & set(columns))
        assert task.state_stated == ("status" not in unknown)


def test_a_figure_that_is_not_stated_never_became_a_number(demo):
    for measure in demo.scalars(select(Measure)):
        unknown = {field for field, word in measure.prov.items() if word == "not_stated"}
        assert all(getattr(measure, field) is None for field in unknown & {"target", "baseline"})
        if measure.prov.get("achieved", "not_stated") == "not_stated":
            assert count(demo, Reading, Reading.measure_id == measure.id) == 0


def test_a_document_has_no_day_and_no_number_that_is_not_stated(demo):
    for document in demo.scalars(select(Document)):
        assert document.issued_on is None or document.prov["date"] == "stated"
        assert (document.prov.get("number") == "not_stated") == (document.number is None)


def test_every_stated_figure_is_a_reading_with_its_counting_day(demo):
    figures = {
        measure.code: (measure, reading)
        for measure, reading in demo.execute(
            select(Measure, Reading).outerjoin(Reading, Reading.measure_id == Measure.id)
        )
    }
    members, admitted = figures["T11#1"]
    assert (admitted.value, admitted.as_of_on) == (1395, date(2017, 12, 31))
    assert (members.target, members.target_under) == (None, 1125)
    assert (admitted.percent_words, admitted.percent_over) == ("trên 124%", 124)
    assert figures["T10#1"][1].value == 0
    assert figures["T23#1"][0].target == 16
    quotas = [m for m, _ in figures.values() if m.into_id == figures["T23#1"][0].id]
    assert [quota.target for quota in quotas] == [2] * 8


def test_the_classes_of_a_scale_are_ranked_and_add_up(demo):
    for scale in FILE["classifications"]:
        total = demo.scalar(select(Measure).where(Measure.code == scale["id"]))
        classes = demo.execute(
            select(Measure.rank, Reading.value)
            .join(Reading, Reading.measure_id == Measure.id)
            .where(Measure.into_id == total.id)
            .order_by(Measure.rank)
        ).all()
        assert classes == [(entry["rank"], entry["count"]) for entry in scale["classes"]]
        summed = demo.scalar(select(Reading.value).where(Reading.measure_id == total.id))
        assert summed == sum(value for _, value in classes) == scale["total"]


def test_provenance_is_kept_field_by_field(demo):
    tasks, units, documents = (by_code(demo, row) for row in (Task, Unit, Document))
    for entry in FILE["tasks"]:
        assert entry["prov"].items() <= tasks[entry["id"]].prov.items()
    assert units["bcd_nq39"].prov["name"] == "reading"
    assert units["du_khoi_dn"].prov["parent"] == "knowledge"
    assert documents["nq39"].prov == {
        "receiver": "assumption",
        "symbol": "knowledge",
        "date": "stated",
        "date_outside": "knowledge",
        "subject": "stated",
    }
    assert (documents["nq39"].issued_on, documents["nq39"].issued_on_outside) == (
        date(2015, 4, 7),
        date(2015, 4, 17),
    )


def test_every_note_in_vietnamese_belongs_to_one_of_the_file():
    original = PATH.read_text(encoding="utf-8")
    said = {note for notes in find_notes(yaml.safe_load(original)) for note in notes}
    assert set(yaml.safe_load(NOTES.read_text(encoding="utf-8"))) <= said


def find_notes(content: Any) -> Iterator[set[str]]:
    """Yield every note in the file, however deep."""
    if isinstance(content, dict):
        yield {content[key] for key in ("note", "derivation") if key in content}
        content = list(content.values())
    if isinstance(content, list):
        for one in content:
            yield from find_notes(one)


def test_each_task_has_one_event_told_by_nobody_before_the_clock_starts(demo):
    events = demo.scalars(select(Event)).all()
    assert Counter(event.kind for event in events) == {Kind.LOADED: 81}
    assert len({event.task_id for event in events}) == 81
    assert {event.by_id for event in events} == {None}
    assert max(event.at for event in events) < STARTS_AT


def test_loading_twice_is_refused_and_changes_nothing(demo_app):
    result = demo_app.test_cli_runner().invoke(args=["demo"])
    assert result.exit_code == 1
    assert "already has data" in result.output
    with demo_app.app_context():
        assert count(db.session, Task) == 81


def test_production_has_no_demonstration(settings_for: SettingsFor, sqlite_database):
    settings = settings_for(
        sqlite_database, TRACKER_ENV="production", PUBLIC_URL="https://tien-do.test"
    )
    with running(settings) as app:
        result = app.test_cli_runner().invoke(args=["demo"])
        assert result.exit_code == 1
        with app.app_context():
            assert count(db.session, Person) == 0


def changed(tmp_path: Path, change) -> Path:
    """Return a copy of the file with something changed in it."""
    content = copy.deepcopy(FILE)
    change({entry["id"]: entry for entries in ENTRIES for entry in content[entries]})
    path = tmp_path / "changed.yaml"
    path.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    return path


ENTRIES = ("organisations", "documents", "plans", "tasks", "classifications", "field_visits")
CONTRADICTIONS = {
    "a day its words do not name": lambda of: of["T27"].update(due=date(2018, 4, 30)),
    "a plan that forgets a task": lambda of: of["P1"]["tasks"].remove("T01"),
    "units above each other": lambda of: of["tw"].update(parent="db_tinh"),
    "a lead in whose unit nobody sits": lambda of: of["T01"].update(lead="cb_dak_tan"),
}


@pytest.mark.parametrize("change", CONTRADICTIONS.values(), ids=CONTRADICTIONS)
def test_a_file_that_contradicts_itself_is_refused(session, tmp_path, change):
    with pytest.raises(Unfit):
        load(at=STARTS_AT, machine=machine_now(), source=changed(tmp_path, change))
    session.rollback()
    assert count(session, Unit) == 0


def test_the_clock_starts_at_the_day_of_the_demonstration_and_runs_on(demo):
    assert is_demonstration()
    assert STARTS_AT <= clock().now() < STARTS_AT + timedelta(hours=1)


def test_the_clock_starts_again_but_never_behind_the_last_event(demo):
    restart_clock(at=None, machine=machine_now() + timedelta(days=9))
    assert clock().now() < STARTS_AT
    later = STARTS_AT + timedelta(days=3)
    record(Kind.UNIT_EDITED, by=Doer(), at=later, subject_id=1)
    restart_clock(at=None, machine=machine_now())
    assert later <= clock().now() < later + timedelta(hours=1)


def test_a_clock_of_ones_own_is_set_anywhere_but_the_machines_is_kept_otherwise(session):
    restart_clock(at=None, machine=machine_now())
    assert abs(clock().now() - machine_now()) < timedelta(minutes=1)
    wished = datetime(2019, 2, 1, 9, 0, tzinfo=ZONE)
    restart_clock(at=wished, machine=machine_now())
    assert wished <= clock().now() < wished + timedelta(hours=1)

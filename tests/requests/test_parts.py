"""Co-ordinators called in and withdrawn, and the word of a unit without accounts, written down for it."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.agreeing import agree, asking, history_agrees
from tests.cases import for_each
from tests.reading import error_at, text_of, vietnamese_unmarked
from tests.worlds import AT, TODAY, a_collective, a_draft, a_line, a_task, a_unit, doer
from tracker.db import db
from tracker.history.models import Event, Kind
from tracker.requests import behalf, co_ordinators
from tracker.requests.behalf import Way, Word
from tracker.tasks import actions
from tracker.tasks.actions import Draft, Due
from tracker.tasks.lifecycle import State, Tie
from tracker.tasks.models import Ask, AskKind, Task
from tracker.tasks.spoken import last_words, on_behalf

LATE, SOON, LATER = (TODAY + timedelta(days=days) for days in (-6, 5, 20))


def again() -> None:
    """Read anew what requests have changed."""
    db.session.rollback()
    db.session.expire_all()


def lines(task) -> list[Task]:
    again()
    chosen = select(Task).where(Task.parent_id == task.id, Task.tie == Tie.LINE)
    return list(db.session.scalars(chosen.order_by(Task.id)))


def kinds(task) -> list[Kind]:
    again()
    events = select(Event.kind).where(Event.task_id == task.id).order_by(Event.id)
    return list(db.session.scalars(events))


def token_of(client) -> str:
    return client.get("/").text.split('name="csrf_token" value="')[1].split('"')[0]


def in_language(page, lang) -> str:
    return f"{page}{'&' if '?' in page else '?'}lang={lang}"


def fresh(task) -> Task:
    again()
    return db.session.get_one(Task, task.id)


@pytest.fixture
def task(world):
    """A task of the commission, due in twenty days."""
    return a_task(world, "Lập đề án", due=LATER)


# --- co-ordinators --------------------------------------------------------------------------------------


def call(client, task, unit, due_words="", **fields):
    path = f"/tasks/{task.id}/co-ordinators"
    return client.submit(path, path, unit_id=str(unit.id), due_words=due_words, **fields)


def test_the_lead_calls_a_unit_in_by_a_day_of_its_own_and_its_chair_is_asked_for_a_receipt(
    signed_in, world, task
):
    an = signed_in(world.an)
    answer = call(an, task, world.district, "15-4-2018", words="Cung cấp số liệu biên chế")
    assert (answer.status_code, answer.location) == (303, f"/tasks/{task.id}")
    (line,) = lines(task)
    assert (line.state, line.assigner_id) == (State.ASSIGNED, world.commission.id)
    assert (line.due_on, line.first_due_on) == (SOON, SOON)
    ask = db.session.scalars(select(Ask).where(Ask.task_id == line.id)).one()
    assert (ask.kind, ask.to_unit_id) == (AskKind.ASSIGNMENT, world.district.id)
    assert kinds(line) == [Kind.DRAFTED, Kind.SEND]
    assert kinds(task)[-1] is Kind.EDITED
    shown = text_of(an.get(f"/tasks/{task.id}").text)
    assert "Phân công Huyện ủy Suối Đá phối hợp." in shown
    history_agrees()
    assert "Lập đề án" in text_of(signed_in(world.mai).get("/").text)


def test_nothing_typed_is_the_deadline_of_the_task(signed_in, world, task):
    assert call(signed_in(world.an), task, world.town).status_code == 303
    assert lines(task)[0].due_on == LATER


def test_a_withdrawn_unit_has_nothing_on_its_desk_and_can_be_called_in_again(
    signed_in, world, task
):
    an = signed_in(world.an)
    line = a_line(world, task, world.district)
    path = f"/tasks/{line.id}/cancel"
    assert (
        an.submit(f"{path}?back=/tasks/{task.id}", path, words="Không còn cần").status_code == 303
    )
    assert [kind for kind in kinds(line) if kind is Kind.CANCEL]
    shown = text_of(an.get(f"/tasks/{task.id}").text)
    assert "1 đơn vị thôi phối hợp" in shown
    assert "Lập đề án" not in text_of(signed_in(world.mai).get("/").text)
    assert call(an, task, world.district).status_code == 303
    assert [one.state for one in lines(task)] == [State.CANCELLED, State.ASSIGNED]
    assert call(an, task, world.district).status_code == 422  # no longer on offer


@for_each(
    [
        ("31-12-2018", "due_words", "21"),
        ("9-4-2018", "due_words", "9-4-2018"),
        ("quý V-2018", "due_words", "quý I đến quý IV"),
        ("sớm", "due_words", ""),
    ],
    named=lambda case: case[0],
)
def test_a_deadline_that_cannot_be_is_refused_at_its_field(case, signed_in, world):
    words, field, _hint = case
    task = a_task(world, "Lập đề án", due=LATER)
    answer = call(signed_in(world.an), task, world.district, words)
    assert answer.status_code == 422
    assert error_at(answer.text, field)
    assert not lines(task)


def test_a_task_whose_day_has_passed_takes_no_part_that_would_be_late_at_once(signed_in, world):
    task = a_task(world, due=LATE)
    answer = call(signed_in(world.an), task, world.district)
    assert answer.status_code == 422
    assert "đã qua" in error_at(answer.text, "due_words")
    assert not lines(task)


def test_a_unit_that_ends_before_its_part_falls_due_is_refused(signed_in, world, task):
    team = a_unit("Tổ công tác ngắn hạn", world.province, valid_to=TODAY + timedelta(days=7))
    answer = call(signed_in(world.an), task, team)
    assert answer.status_code == 422
    assert "17-4-2018" in error_at(answer.text, "unit_id")
    assert call(signed_in(world.an), task, team, "15-4-2018").status_code == 303


def test_who_does_not_lead_calls_nobody_in(signed_in, world, task):
    path = f"/tasks/{task.id}/co-ordinators"
    a_line(world, task, world.town)
    assert signed_in(world.ha).get(path).status_code == 404
    for person in (world.chi, world.oanh, world.giang, world.dung):
        assert signed_in(person).get(path).status_code == 403


def test_groups_the_lead_and_whoever_takes_part_cannot_be_called_in(world, task):
    group = a_collective("Các huyện ủy", [world.district, world.town])
    a_line(world, task, world.town)
    for unit in (group, world.commission, world.town):
        with pytest.raises(co_ordinators.Barred):
            co_ordinators.call_in(task, unit, by=doer(world.an), at=AT)


def test_a_part_a_hand_in_and_what_is_over_take_nobody_in_and_say_why(signed_in, world, task):
    line = a_line(world, task, world.commission)
    handed_in, done = (a_task(world, state=state) for state in (State.SUBMITTED, State.DONE))
    an = signed_in(world.an)
    for one in (handed_in, done):
        answer = an.post(f"/tasks/{one.id}/co-ordinators", data={"csrf_token": token_of(an)})
        assert answer.status_code == 409
    with pytest.raises(co_ordinators.Barred):
        co_ordinators.call_in(line, world.town, by=doer(world.an), at=AT)


def test_a_part_keeps_the_deadline_it_was_given_while_its_task_is_drafted(signed_in, world):
    said = Draft("Lập đề án", world.commission.id, world.province.id, due=_on(LATER))
    by = doer(world.binh)
    draft = actions.draft(said_with(said, world.district, world.town), by=by, at=AT)
    db.session.commit()
    assert call(signed_in(world.binh), draft, world.district, "15-4-2018").status_code == 303
    again()
    draft = db.session.get_one(Task, draft.id)
    later = Draft(**(vars(said) | {"due": _on(LATER + timedelta(days=5))}))
    actions.edit(draft, said_with(later, world.district, world.town), by=by, at=AT)
    db.session.commit()
    assert [line.due_on for line in lines(draft)] == [SOON, LATER + timedelta(days=5)]
    earlier = Draft(**(vars(said) | {"due": _on(TODAY + timedelta(days=2))}))
    actions.edit(draft, said_with(earlier, world.district, world.town), by=by, at=AT)
    db.session.commit()
    assert {line.due_on for line in lines(draft)} == {TODAY + timedelta(days=2)}


def _on(day) -> Due:
    return Due("date", f"{day.day}-{day.month}-{day.year}", day, day)


def said_with(said: Draft, *units) -> Draft:
    return Draft(**(vars(said) | {"coordinators": tuple(unit.id for unit in units)}))


# --- the parts on the task's page -----------------------------------------------------------------------


def test_ones_own_part_comes_first_then_who_is_late_and_holds_the_task_up(signed_in, world, task):
    a_line(world, task, world.town, state=State.DONE)
    late = a_line(world, task, world.team, due=LATE)
    own = a_line(world, task, world.district, due=SOON)
    html = signed_in(world.mai).get(f"/tasks/{task.id}").text
    order = [html.index(f'data-task="{one.id}"') for one in (own, late)]
    assert order == sorted(order)
    words = text_of(html)
    assert "Chậm phối hợp" in words
    assert "1 đơn vị chậm phối hợp, đang cản: Tổ giúp việc Hải Sơn (quá hạn 6 ngày)" in words
    assert "1/3 xong" in words
    assert not vietnamese_unmarked(signed_in(world.mai).get(f"/tasks/{task.id}?lang=en").text)


def test_a_part_is_finished_where_it_stands_and_only_by_its_own_head(signed_in, world, task):
    line = a_line(world, task, world.district, due=SOON)
    mai, finish = signed_in(world.mai), f"/tasks/{line.id}/finish"
    page = f"/tasks/{task.id}"
    assert finish not in signed_in(world.an).get(page).text
    answer = mai.submit(page, finish)
    assert (answer.status_code, answer.location) == (303, page)
    assert fresh(line).state is State.DONE
    assert fresh(task).state is State.ASSIGNED
    note = f"/tasks/{line.id}/notes"
    assert note not in mai.get(page).text


def test_a_late_part_counts_against_its_own_unit_alone(signed_in, world):
    """B2: a lead and two co-ordinators, one of them late."""
    task = a_task(world, state=State.DONE, due=TODAY + timedelta(days=2))
    a_line(world, task, world.town, state=State.DONE)
    a_line(world, task, world.district, due=LATE, state=State.IN_PROGRESS)
    found = {
        unit.id: text_of(signed_in(world.binh).get(f"/committees/{unit.id}").text)
        for unit in (world.commission, world.town, world.district)
    }
    assert "1 / 1" in found[world.commission.id]
    assert "1 / 1" in found[world.town.id]
    assert "0 / 1" in found[world.district.id]
    agree(asking(signed_in(world.binh)))


# --- the word of a unit without accounts ----------------------------------------------------------------

SAID = {"said_by": "Bà Vy, Tổ trưởng", "way": "telephone", "words": "Đã rà soát xong"}


def speak(client, task, **fields):
    path = f"/tasks/{task.id}/word-on-behalf"
    return client.submit(path, path, **SAID | fields)


@pytest.fixture
def silent(world):
    """A task of a team in which nobody has an account, six days overdue."""
    return a_task(world, "Rà soát đầu mối", lead=world.team, due=LATE)


def test_a_word_by_telephone_is_marked_wherever_it_shows(signed_in, world, silent):
    binh = signed_in(world.binh)
    assert speak(binh, silent).status_code == 303
    event = db.session.scalars(select(Event).where(Event.kind == Kind.NOTED)).one()
    assert event.data == {"for": world.team.id, "way": "telephone"}
    assert event.lead_id == world.team.id
    story = text_of(binh.get(f"/tasks/{silent.id}").text)
    assert "Nhập thay Tổ giúp việc Hải Sơn, theo thông tin qua điện thoại." in story
    assert "Bà Vy, Tổ trưởng: Đã rà soát xong" in story
    pages = (f"/tasks/{silent.id}", "/overdue", "/board", "/status/tasks?cell=overdue", "/digest")
    for page in pages:
        assert "nhập thay" in text_of(binh.get(in_language(page, "vi")).text), page
        english = binh.get(in_language(page, "en")).text
        assert "entered on behalf" in text_of(english) or page == "/digest", page
        assert not vietnamese_unmarked(english), page
    history_agrees()


def test_a_unit_without_accounts_starts_hands_in_and_finishes_through_the_office(
    signed_in, world, silent
):
    binh = signed_in(world.binh)
    assert speak(binh, silent, step="start").status_code == 303
    assert fresh(silent).state is State.IN_PROGRESS
    assert speak(binh, silent, step="hand_in", day="3-4-2018").status_code == 303
    found = fresh(silent)
    assert (found.state, found.handed_in_on) == (State.SUBMITTED, TODAY - timedelta(days=7))
    assert "Ngày được báo: 3-4-2018." in text_of(binh.get(f"/tasks/{silent.id}").text)
    ask = db.session.scalars(select(Ask).where(Ask.kind == AskKind.HAND_IN)).one()
    assert (ask.from_unit_id, ask.words) == (world.team.id, "Bà Vy, Tổ trưởng: Đã rà soát xong")
    whole = a_task(world, due=SOON)
    by = doer(world.an)
    line = co_ordinators.call_in(whole, world.team, by=by, at=AT)
    db.session.commit()
    assert speak(binh, line, step="finish", day="9-4-2018").status_code == 422
    assert speak(binh, line, step="finish", day="10-4-2018").status_code == 303
    assert (fresh(line).state, line.done_on) == (State.DONE, TODAY)
    receipt = text_of(binh.get(f"/tasks/{line.id}").text)
    assert "xác nhận đã nhận ngày 10-4-2018. (nhập thay)" in receipt
    assert "nhập thay" in text_of(signed_in(world.an).get(f"/tasks/{whole.id}").text)
    agree(asking(binh))
    history_agrees()


@for_each(
    [
        ({"said_by": ""}, "said_by"),
        ({"way": ""}, "way"),
        ({"words": ""}, "words"),
        ({"step": "hand_in"}, "day"),
        ({"step": "hand_in", "day": "11-4-2018"}, "day"),
        ({"step": "hand_in", "day": "32-1-2018"}, "day"),
        ({"step": "accept", "day": "9-4-2018"}, "step"),
    ],
)
def test_what_is_missing_or_wrong_is_said_at_its_field_and_nothing_is_written(
    case, signed_in, world
):
    fields, field = case
    task = a_task(world, lead=world.team)
    client = signed_in(world.binh)
    path = f"/tasks/{task.id}/word-on-behalf"
    sent = SAID | {"csrf_token": token_of(client), "version": str(task.version)} | fields
    answer = client.post(path, data=sent)
    assert answer.status_code == 422
    assert error_at(answer.text, field)
    assert kinds(task) == [Kind.LOADED]


def test_nobody_speaks_for_units_with_accounts_for_groups_for_drafts_or_what_is_over(
    signed_in, world
):
    group = a_collective("Các huyện ủy", [world.district], world.province)
    binh = signed_in(world.binh)
    cases = [
        (a_task(world), "đã có tài khoản"),
        (a_task(world, lead=group), "cả nhóm đơn vị"),
        (a_draft(world, lead=world.team), "chưa được giao"),
        (a_task(world, lead=world.team, state=State.DONE), "đã kết thúc"),
    ]
    for task, words in cases:
        data = SAID | {"csrf_token": token_of(binh), "version": str(task.version)}
        answer = binh.post(f"/tasks/{task.id}/word-on-behalf", data=data)
        assert answer.status_code == 409, words
        assert words in text_of(answer.text), text_of(answer.text)[:300]


def test_only_the_office_of_a_branch_above_speaks_and_not_the_chair_or_another(
    signed_in, world, silent
):
    path = f"/tasks/{silent.id}/word-on-behalf"
    for person, status in ((world.dung, 403), (world.giang, 403), (world.ha, 404)):
        assert signed_in(person).get(path).status_code == status


def test_the_mark_goes_with_the_next_word_of_the_units_own(world, silent):
    word = Word("Bà Vy", Way.LETTER, "Xong một nửa")
    behalf.write_down(silent, word, by=doer(world.binh), at=AT)
    assert on_behalf([silent.id]) == {silent.id}
    assert last_words([silent.id])[silent.id].is_behalf
    actions.note(silent, "Tự ghi", by=doer(world.binh), at=AT + timedelta(hours=1))
    assert on_behalf([silent.id]) == frozenset()
    assert last_words([silent.id])[silent.id].words == "Tự ghi"

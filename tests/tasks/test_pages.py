"""The pages of a task as people use them: drafting, sending, moving, correcting, second thoughts."""

import re
import unicodedata
from datetime import date

import pytest
from sqlalchemy import select

from tests.pages import choose, client_of, filled, parse
from tests.worlds import a_child, a_draft, a_line, a_seat, a_task, a_world, waits_for
from tracker.committees.models import Role
from tracker.db import db
from tracker.history.models import Event, EventText, Kind
from tracker.tasks.lifecycle import State, Tie
from tracker.tasks.models import Task


def fresh(task):
    db.session.rollback()
    db.session.expire_all()
    return db.session.get_one(Task, task.id)


def the_only_task():
    db.session.rollback()
    db.session.expire_all()
    return db.session.scalars(select(Task).where(Task.tie.is_(None))).one()


def draft(client, world, **fields):
    said = {"title_vi": "Rà soát quy chế", "lead_id": str(world.commission.id)}
    return client.submit("/tasks/new", "/tasks/new", **(said | fields))


def test_the_office_drafts_a_task_with_co_ordinators_and_a_deadline_in_words(world, signed_in):
    answer = draft(
        signed_in(world.binh),
        world,
        due_words="hết quý II-2018",
        coordinators=[str(world.district.id), str(world.town.id)],
        product_vi="Báo cáo",
    )
    task = the_only_task()
    lines = db.session.scalars(select(Task.lead_id).where(Task.tie == Tie.LINE)).all()
    assert answer.status_code == 303
    assert (task.state, task.due_words, str(task.due_on)) == (
        State.DRAFT, "hết quý II-2018", "2018-06-30",
    )  # fmt: skip
    assert (task.first_due_words, task.verdict_unit_id) == ("hết quý II-2018", world.province.id)
    assert set(lines) == {world.district.id, world.town.id}


def test_a_draft_says_which_of_the_six_clarities_it_lacks_and_asks_why_it_goes_out_so(
    world, signed_in
):
    task = a_draft(world)
    client = signed_in(world.binh)
    page = client.get(f"/tasks/{task.id}/send")
    assert "chưa rõ thời gian" in page.text
    assert "chưa rõ sản phẩm" in page.text
    refused = client.submit(f"/tasks/{task.id}/send", words="")
    assert (refused.status_code, fresh(task).state) == (422, State.DRAFT)
    client.submit(f"/tasks/{task.id}/send", words="Giao gấp, bổ sung sau")
    assert fresh(task).state is State.ASSIGNED


def test_a_deadline_that_is_not_understood_is_refused_at_its_field_with_a_suggestion(
    world, signed_in
):
    refused = draft(signed_in(world.binh), world, due_words="quý VI/2018")
    assert refused.status_code == 422
    assert "Một năm chỉ có quý I đến quý IV" in refused.text
    assert 'value="quý VI/2018"' in refused.text
    assert "Rà soát quy chế" in refused.text


def test_a_counting_day_is_no_deadline(world, signed_in):
    refused = draft(signed_in(world.binh), world, due_words="tính đến ngày 31/12/2017")
    assert refused.status_code == 422
    assert "mốc số liệu" in refused.text


def test_without_javascript_the_check_button_reads_the_deadline_and_saves_nothing(world, signed_in):
    checked = draft(
        signed_in(world.binh), world, title_vi="", due_words="hết quý I-2018", check="due_words"
    )
    assert checked.status_code == 200
    assert "31-3-2018, thứ Bảy" in re.sub(r"<[^>]+>", "", checked.text)
    assert db.session.scalars(select(Task)).all() == []


def test_a_part_is_never_due_after_the_task_it_is_a_part_of(world, signed_in):
    parent = a_task(world, due=date(2018, 6, 30))
    fields = {"parent_id": str(parent.id), "due_words": "hết quý III-2018"}
    refused = draft(signed_in(world.binh), world, **fields)
    assert refused.status_code == 422
    assert "30-6-2018" in refused.text


def test_text_typed_in_separate_marks_is_stored_composed(world, signed_in):
    draft(signed_in(world.binh), world, title_vi=unicodedata.normalize("NFD", "Đề án Đắk Mil"))
    assert the_only_task().title_vi == "Đề án Đắk Mil"


def test_the_lead_cannot_co_ordinate_itself(world, signed_in):
    refused = draft(signed_in(world.binh), world, coordinators=[str(world.commission.id)])
    assert refused.status_code == 422
    assert "Đơn vị chủ trì không đồng thời là đơn vị phối hợp" in refused.text


def test_a_line_dropped_from_a_draft_is_discarded_and_a_new_one_is_drafted(world, signed_in):
    task = a_draft(world, coordinators=[world.district])
    signed_in(world.binh).submit(
        f"/tasks/{task.id}/edit", f"/tasks/{task.id}/edit", coordinators=[str(world.town.id)]
    )
    db.session.rollback()
    rows = db.session.execute(select(Task.lead_id, Task.state).where(Task.tie == Tie.LINE))
    assert dict(rows.all()) == {
        world.district.id: State.CANCELLED, world.town.id: State.DRAFT,
    }  # fmt: skip


def test_what_was_agreed_stays_when_a_sent_task_is_corrected(world, signed_in):
    task = a_task(world, due=date(2018, 6, 30), coordinators=[world.district])
    client = signed_in(world.binh)
    answer = client.post(
        f"/tasks/{task.id}/edit",
        data={
            "csrf_token": token(client, f"/tasks/{task.id}/edit"),
            "version": task.version,
            "title_vi": "Tên đã chỉnh sửa",
            "lead_id": str(world.town.id),
            "due_words": "hết năm 2019",
        },
    )
    task = fresh(task)
    assert answer.status_code == 303
    assert task.title_vi == "Tên đã chỉnh sửa"
    assert (task.lead_id, str(task.due_on)) == (world.commission.id, "2018-06-30")


def token(client, page):
    found = re.search(r'name="csrf_token" value="([^"]+)"', client.get(page).text)
    assert found is not None
    return found[1]


def test_the_whole_life_of_a_task_is_told_as_sentences_in_both_languages(world, signed_in):
    task = a_task(world)
    an, binh = signed_in(world.an), signed_in(world.binh)
    for client, move, words in (
        (an, "start", ""),
        (an, "hand-in", "Đã xong ba phần"),
        (binh, "return", "Thiếu phụ lục"),
        (an, "rework", ""),
        (an, "hand-in", ""),
        (binh, "accept", ""),
    ):
        assert client.submit(f"/tasks/{task.id}/{move}", words=words).status_code == 303
    assert fresh(task).state is State.DONE
    told = an.get(f"/tasks/{task.id}").text
    for words in ("trả lại báo cáo hoàn thành", "Thiếu phụ lục", "duyệt hoàn thành"):
        assert words in told
    english = an.get(f"/tasks/{task.id}?lang=en").text
    assert "returned the hand-in" in english
    assert '<span lang="vi">Thiếu phụ lục</span>' in english


@pytest.mark.parametrize("move", ["return", "accept"])
def test_the_lead_does_not_judge_its_own_hand_in(world, signed_in, move):
    task = a_task(world, state=State.SUBMITTED)
    assert signed_in(world.an).get(f"/tasks/{task.id}/{move}").status_code == 403


def test_a_return_without_a_reason_is_refused_and_what_was_typed_is_kept(world, signed_in):
    task = a_task(world, state=State.SUBMITTED)
    refused = signed_in(world.binh).submit(f"/tasks/{task.id}/return", words="   ")
    assert refused.status_code == 422
    assert "Phải nêu lý do" in refused.text
    assert fresh(task).state is State.SUBMITTED


def test_a_stale_page_gets_409_with_both_versions_and_the_typed_text(world, signed_in):
    task = a_task(world, state=State.SUBMITTED)
    binh, dung = signed_in(world.binh), signed_in(world.dung)
    old = {"csrf_token": token(binh, f"/tasks/{task.id}/return"), "version": task.version}
    dung.submit(f"/tasks/{task.id}/accept", words="")
    conflict = binh.post(f"/tasks/{task.id}/return", data=old | {"words": "Thiếu số liệu quý I"})
    assert conflict.status_code == 409
    assert "Thiếu số liệu quý I" in conflict.text
    assert "Trương Công Dũng" in conflict.text
    assert "duyệt hoàn thành" in conflict.text
    assert fresh(task).state is State.DONE


def test_a_correction_over_somebody_elses_shows_both_and_can_be_saved_again(world, signed_in):
    task = a_task(world)
    binh, dung = signed_in(world.binh), signed_in(world.dung)
    path = f"/tasks/{task.id}/edit"
    old = {"csrf_token": token(binh, path), "version": task.version}
    dung.submit(path, path, title_vi="Tên của người kia")
    conflict = binh.post(path, data=old | {"title_vi": "Tên vừa gõ"})
    assert conflict.status_code == 409
    assert "Tên của người kia" in conflict.text
    assert "Tên vừa gõ" in conflict.text
    again = old | {"title_vi": "Tên vừa gõ", "version": fresh(task).version}
    assert binh.post(path, data=again).status_code == 303
    assert fresh(task).title_vi == "Tên vừa gõ"


def test_acceptance_names_the_tasks_it_waits_for(world, signed_in):
    task, needed = a_task(world, state=State.SUBMITTED), a_task(world, "Việc làm trước")
    waits_for(task, needed)
    refused = signed_in(world.binh).submit(f"/tasks/{task.id}/accept", words="")
    assert refused.status_code == 409
    assert "Việc làm trước" in refused.text


def test_the_day_of_a_closing_is_one_that_has_come(world, signed_in):
    task = a_task(world)
    client = signed_in(world.binh)
    reason = {"words": "Đã có văn bản thay thế"}
    for day in ("", "11-4-2018", "quý I-2018", "31-2-2018"):
        assert client.submit(f"/tasks/{task.id}/close", day=day, **reason).status_code == 422
    client.submit(f"/tasks/{task.id}/close", day="9-4-2018", **reason)
    assert (fresh(task).state, str(fresh(task).done_on)) == (State.DONE, "2018-04-09")


def test_a_hand_in_names_the_lines_that_are_still_open(world, signed_in):
    task = a_task(world, state=State.IN_PROGRESS, coordinators=[world.district])
    page = signed_in(world.an).get(f"/tasks/{task.id}/hand-in")
    assert "Huyện ủy Suối Đá" in page.text


def test_a_co_ordinator_works_on_its_own_line_alone(world, signed_in):
    task = a_task(world)
    line = a_line(world, task, world.district)
    mai = signed_in(world.mai)
    assert mai.submit(f"/tasks/{line.id}/finish", words="").status_code == 303
    assert (fresh(line).state, fresh(task).state) == (State.DONE, State.ASSIGNED)
    assert mai.get(f"/tasks/{task.id}").status_code == 200
    assert mai.get(f"/tasks/{task.id}/hand-in").status_code == 403


def test_a_line_of_progress_is_told_and_overwrites_nothing(world, signed_in):
    task = a_task(world, state=State.IN_PROGRESS)
    chi, an = signed_in(world.chi), signed_in(world.an)
    old = {"csrf_token": token(chi, f"/tasks/{task.id}"), "version": task.version}
    an.submit(f"/tasks/{task.id}", f"/tasks/{task.id}/notes", words="Xong phần một")
    answer = chi.post(f"/tasks/{task.id}/notes", data=old | {"words": "Xong phần hai"})
    assert answer.status_code == 303
    told = an.get(f"/tasks/{task.id}").text
    assert "Xong phần một" in told
    assert "Xong phần hai" in told


def test_ones_own_last_move_can_be_taken_back_from_the_page(world, signed_in):
    task = a_task(world)
    an = signed_in(world.an)
    an.submit(f"/tasks/{task.id}/start", words="")
    an.submit(f"/tasks/{task.id}", f"/tasks/{task.id}/undo")
    assert fresh(task).state is State.ASSIGNED
    late = an.post(
        f"/tasks/{task.id}/undo",
        data={"csrf_token": token(an, f"/tasks/{task.id}"), "version": fresh(task).version},
    )
    assert late.status_code == 409


def test_a_step_made_since_the_page_was_opened_is_not_taken_back_unseen(world, signed_in):
    task = a_task(world)
    an = signed_in(world.an)
    an.submit(f"/tasks/{task.id}/start", words="")
    page = f"/tasks/{task.id}/undo"
    opened = filled(choose(parse(an.get(f"/tasks/{task.id}").text)[0], page, {}))
    an.submit(f"/tasks/{task.id}/hand-in", words="Xong cả")
    assert an.post(page, data=opened).status_code == 409
    assert an.post(page, data=opened | {"version": ""}).status_code == 409
    assert fresh(task).state is State.SUBMITTED
    an.submit(f"/tasks/{task.id}", page)
    assert fresh(task).state is State.IN_PROGRESS


def test_the_unit_of_a_child_reads_its_parents_title_but_cannot_open_it(world, signed_in):
    parent = a_task(world, "Nhiệm vụ chung")
    child = a_child(world, parent, world.district)
    mai = signed_in(world.mai)
    page = mai.get(f"/tasks/{child.id}").text
    assert "Nhiệm vụ chung" in page
    assert f'href="/tasks/{parent.id}"' not in page
    assert mai.get(f"/tasks/{parent.id}").status_code == 404


def test_one_who_observes_reads_and_changes_nothing(world, signed_in):
    task = a_task(world, state=State.SUBMITTED)
    giang = signed_in(world.giang)
    page = giang.get(f"/tasks/{task.id}")
    assert page.status_code == 200
    assert "/accept" not in page.text
    assert giang.get(f"/tasks/{task.id}/accept").status_code == 403


def test_whoever_holds_a_seat_of_the_lead_starts_but_only_chair_or_office_hands_in(
    world, signed_in
):
    task = a_task(world)
    a_seat(world.commission, Role.OFFICE, world.nam)
    chi, nam = signed_in(world.chi), signed_in(world.nam)
    assert chi.submit(f"/tasks/{task.id}/start", words="").status_code == 303
    assert chi.get(f"/tasks/{task.id}/hand-in").status_code == 403
    assert nam.submit(f"/tasks/{task.id}/hand-in", words="").status_code == 303


def test_a_double_click_has_one_effect(world, signed_in):
    task = a_task(world)
    an = signed_in(world.an)
    sent = {"csrf_token": token(an, f"/tasks/{task.id}/start"), "version": task.version}
    answers = [an.post(f"/tasks/{task.id}/start", data=sent).status_code for _ in range(2)]
    assert answers == [303, 409]
    events = select(Event.kind).where(Event.task_id == task.id)
    assert [k.value for k in db.session.scalars(events)].count("start") == 1


def test_the_reason_stands_beside_the_event_so_that_it_may_be_erased(world, signed_in):
    task = a_task(world)
    signed_in(world.binh).submit(f"/tasks/{task.id}/hold", words="Chờ hướng dẫn")
    db.session.rollback()
    event = db.session.scalars(select(Event).order_by(Event.id.desc())).first()
    assert event is not None
    assert "hướng dẫn" not in str(event.data)
    assert db.session.get_one(EventText, event.id).words == "Chờ hướng dẫn"


def edit(client, task, **fields):
    page = f"/tasks/{task.id}/edit"
    return client.submit(page, page, **fields)


def test_a_draft_can_become_a_part_of_another_task_and_stand_alone_again(world, signed_in):
    parent, task = a_task(world, "Việc lớn"), a_draft(world)
    binh = signed_in(world.binh)
    edit(binh, task, parent_id=str(parent.id))
    assert (fresh(task).parent_id, fresh(task).tie) == (parent.id, Tie.PART)
    edit(binh, task, parent_id="")
    assert (fresh(task).parent_id, fresh(task).tie) == (None, None)


def test_a_correction_leaves_who_judges_and_whose_seat_it_was(world, signed_in):
    seat = a_seat(world.commission, Role.LEADER)
    task = a_task(world, verdict_unit_id=world.standing.id, holder_seat_id=seat.id)
    assert edit(signed_in(world.binh), task, title_vi="Tên khác").status_code == 303
    assert (fresh(task).verdict_unit_id, fresh(task).holder_seat_id) == (world.standing.id, seat.id)


def test_a_correction_keeps_the_old_words_and_vouches_for_nothing_by_the_source(world, signed_in):
    task = a_task(
        world, "Tên cũ", product_vi="Báo cáo", prov={"product": "stated", "due": "stated"}
    )
    binh = signed_in(world.binh)
    edit(binh, task, title_vi="Tên mới", product_vi="Tờ trình")
    told = binh.get(f"/tasks/{task.id}").text
    assert "Tên cũ → Tên mới" in told
    assert "Nội dung sửa: Nhiệm vụ, Sản phẩm." in told
    assert fresh(task).prov == {"due": "stated"}


def test_a_correction_that_changes_nothing_is_not_told(world, signed_in):
    task = a_draft(world, coordinators=[world.district])
    edit(signed_in(world.binh), task)
    edited = select(Event).where(Event.task_id == task.id, Event.kind == Kind.EDITED)
    db.session.rollback()
    assert db.session.scalars(edited).all() == []
    edit(signed_in(world.binh), task, coordinators=[str(world.town.id)])
    db.session.rollback()
    assert db.session.scalars(edited).one().data["changed"] == ["coordinators"]


def test_a_page_that_is_only_looked_up_is_not_a_form_that_was_sent(world, signed_in):
    task = a_task(world)
    an = signed_in(world.an)
    assert an.head(f"/tasks/{task.id}/hold").status_code == 403
    assert an.head(f"/tasks/{task.id}/start").status_code == 200
    assert an.head("/sign-in").status_code == 303
    assert fresh(task).state is State.ASSIGNED


def test_a_parent_that_is_no_id_is_refused_at_its_field(any_app):
    with any_app.app_context():
        world = a_world()
        answer = draft(client_of(any_app).sign_in(world.binh.email), world, parent_id="abc")
    assert answer.status_code == 422

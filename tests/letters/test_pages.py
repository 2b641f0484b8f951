"""The pages of letters: drafted from the task, edited, sent, acknowledged, answered; stale and twice."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.pages import parse
from tests.reading import error_at, text_of, vietnamese_unmarked
from tests.worlds import TODAY, a_draft, a_seat, a_task
from tracker.committees.models import Role
from tracker.db import db
from tracker.tasks.lifecycle import State
from tracker.tasks.models import Ask, AskKind, Task

LATE = TODAY - timedelta(days=10)


@pytest.fixture
def late(world):
    """A task ten days overdue, with its source."""
    return a_task(world, "Lập đề án", due=LATE, document_id=world.document.id)


def asks():
    db.session.rollback()
    return db.session.scalars(select(Ask).order_by(Ask.id)).all()


def words_of(page) -> str:
    """The text of the letter in the form."""
    found = [e for e in parse(page.text)[0].iter("textarea") if e.get("name") == "words"]
    return (found[0].text or "").strip()


def test_the_draft_names_source_task_deadline_state_and_what_is_asked(signed_in, world, late):
    late.due_words = "hết quý I-2018"
    db.session.commit()
    words = words_of(signed_in(world.binh).get(f"/tasks/{late.id}/urging"))
    assert words.splitlines() == [
        "V/v đôn đốc thực hiện nhiệm vụ tại Nghị quyết 7",
        "Kính gửi: Ban Tổ chức Tỉnh ủy Hải Sơn",
        "",
        (
            "Ban Tổ chức Tỉnh ủy Hải Sơn được giao chủ trì nhiệm vụ “Lập đề án” tại Nghị quyết 7, thời"
            " hạn hết quý I-2018 (31-3-2018). Đến ngày 10-4-2018, nhiệm vụ quá hạn 10 ngày, chưa có báo cáo"
            " hoàn thành."
        ),
        (
            "Đề nghị Ban Tổ chức Tỉnh ủy Hải Sơn khẩn trương hoàn thành và báo cáo kết quả chậm nhất ngày"
            " 17-4-2018; trường hợp có vướng mắc, nêu rõ nguyên nhân và thời hạn đề nghị điều chỉnh."
        ),
        "",
        "Đầu mối liên hệ: Phan Văn Bình, Tỉnh ủy Hải Sơn.",
    ]


def test_the_second_letter_leaves_the_number_blank_and_is_copied_to_the_leader(
    signed_in, world, late
):
    seat = a_seat(world.standing, Role.LEADER, world.dung)
    late.leader_seat_id = seat.id
    db.session.commit()
    office = signed_in(world.binh)
    office.submit(f"/tasks/{late.id}/urging", f"/tasks/{late.id}/urging")
    words = words_of(office.get(f"/tasks/{late.id}/urging"))
    assert "V/v đôn đốc (lần 2)" in words
    assert "Tiếp theo Công văn số ...... ngày 10-4-2018" in words
    assert (
        "Công văn này đồng gửi Trương Công Dũng, Ban Thường vụ Tỉnh ủy Hải Sơn để theo dõi" in words
    )


def test_a_plan_stands_in_for_a_source_and_without_either_none_is_named(signed_in, world):
    office = signed_in(world.binh)
    planned = a_task(world, due=LATE)
    alone = a_task(world, due=LATE, plan_id=None)
    assert "tại Nghị quyết 7" in words_of(office.get(f"/tasks/{planned.id}/urging"))
    assert words_of(office.get(f"/tasks/{alone.id}/urging")).startswith(
        "V/v đôn đốc thực hiện nhiệm vụ\n"
    )


def test_what_was_edited_is_sent_and_its_day_follows_the_field(signed_in, world, late):
    office, path = signed_in(world.binh), f"/tasks/{late.id}/urging"
    words = words_of(office.get(path)).replace("V/v", "Về việc")
    answer = office.submit(path, path, words=words, answer_by="20-4-2018")
    assert answer.status_code == 303
    (ask,) = asks()
    assert ask.answer_by_on is not None
    assert (ask.answer_by_on.day, ask.words[:7]) == (20, "Về việc")
    assert "chậm nhất ngày 20-4-2018" in ask.words
    assert "17-4-2018" not in ask.words


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("words", ""),
        ("answer_by", ""),
        ("answer_by", "10-4-2018"),
        ("answer_by", "1-1-2030"),
        ("answer_by", "mai"),
    ],
)
def test_what_cannot_be_sent_says_so_at_the_field_and_keeps_the_rest(
    signed_in, world, late, field, value
):
    path = f"/tasks/{late.id}/explanation-request"
    fields = {"words": "Đề nghị giải trình ngay", "answer_by": "18-4-2018"} | {field: value}
    answer = signed_in(world.binh).submit(path, path, **fields)
    assert answer.status_code == 422
    assert error_at(answer.text, field)
    assert field == "words" or "Đề nghị giải trình ngay" in answer.text
    assert asks() == []


def test_a_double_click_sends_one_letter(signed_in, world, late):
    office, path = signed_in(world.binh), f"/tasks/{late.id}/urging"
    form = {"version": late.version, "rung": 1, "words": "Đôn đốc", "answer_by": "17-4-2018"}
    page = office.get(path).text
    form["csrf_token"] = page.partition('name="csrf_token" value="')[2].partition('"')[0]
    first, second = office.post(path, data=form), office.post(path, data=form)
    assert (first.status_code, second.status_code, len(asks())) == (303, 409, 1)
    assert "Văn bản này đã được gửi." in text_of(second.text)
    assert "Đôn đốc" in second.text


def test_a_stale_page_keeps_what_was_typed_and_is_sent_on_the_second_look(signed_in, world, late):
    office, path = signed_in(world.binh), f"/tasks/{late.id}/urging"
    stale = late.version
    signed_in(world.chi).submit(
        f"/tasks/{late.id}", f"/tasks/{late.id}/notes", words="Đang trình ký"
    )
    answer = office.submit(path, path, version=stale, words="Đề nghị báo cáo trong tuần")
    text = text_of(answer.text)
    assert answer.status_code == 409
    assert "Người khác vừa sửa" in text
    assert "Đang trình ký" in text
    assert words_of(answer) == "Đề nghị báo cáo trong tuần"
    assert asks() == []


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"due": TODAY}, "Nhiệm vụ không quá hạn."),
        ({"due": LATE, "state": State.ON_HOLD}, "Nhiệm vụ đang tạm dừng"),
        ({"due": LATE, "state": State.SUBMITTED}, "Đã có báo cáo hoàn thành đang chờ duyệt"),
    ],
)
def test_what_is_not_urged_is_told_why(signed_in, world, values, words):
    office, path = signed_in(world.binh), "/tasks/{}/urging"
    task = a_task(world, **values)
    page = office.get(path.format(task.id))
    assert page.status_code == 200
    assert words in text_of(page.text)
    assert "Gửi văn bản" not in text_of(page.text)


def test_nobody_urges_their_own_unit(signed_in, world):
    task = a_task(world, due=LATE, assigner=world.commission)
    page = signed_in(world.an).get(f"/tasks/{task.id}/urging")
    assert "Đơn vị không gửi văn bản cho chính mình." in text_of(page.text)


@pytest.mark.parametrize("step", ["urging", "explanation-request", "lead"])
def test_who_may_not_is_refused_and_who_sees_nothing_finds_nothing(signed_in, world, late, step):
    path = f"/tasks/{late.id}/{step}"
    assert signed_in(world.chi).get(path).status_code == 403
    assert signed_in(world.giang).post(path).status_code == 400  # no token
    assert signed_in(world.ha).get(path).status_code == 404


# --- the receiving side ----------------------------------------------------------------------------------


def test_the_unit_finds_the_letter_first_on_my_work_and_acknowledges_it_there(
    signed_in, world, late
):
    path = f"/tasks/{late.id}/urging"
    signed_in(world.binh).submit(path, path)
    member = signed_in(world.chi)
    page = member.get("/")
    sections = [e.get("id") for e in parse(page.text)[0].iter("section")]
    assert sections[:2] == ["letters", "late"]
    text = text_of(page.text)
    assert "1 Văn bản cần xác nhận" in text
    assert "Đôn đốc lần 1" in text
    assert "Tỉnh ủy Hải Sơn (Phan Văn Bình), 10-4-2018" in text
    answer = member.submit("/", f"/tasks/{late.id}/acknowledgement")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/")
    assert "letters" not in [e.get("id") for e in parse(member.get("/").text)[0].iter("section")]
    told = text_of(signed_in(world.binh).get(f"/tasks/{late.id}").text)
    assert "Ban Tổ chức Tỉnh ủy Hải Sơn (Hồ Thị Chi) xác nhận đã nhận ngày 10-4-2018." in told


def test_an_assignment_is_acknowledged_on_the_page_of_the_task(signed_in, world):
    task = a_draft(world, due=TODAY, product_vi="Báo cáo", document_id=world.document.id)
    signed_in(world.binh).submit(f"/tasks/{task.id}/send", f"/tasks/{task.id}/send", words="Gấp")
    assert "Giao nhiệm vụ, 10-4-2018. chưa xác nhận" in text_of(
        signed_in(world.binh).get(f"/tasks/{task.id}").text
    )
    member = signed_in(world.chi)
    answer = member.submit(f"/tasks/{task.id}", f"/tasks/{task.id}/acknowledgement")
    assert answer.headers["Location"] == f"/tasks/{task.id}"
    assert "Đã gửi xác nhận." in text_of(member.get(f"/tasks/{task.id}").text)


def test_the_second_receipt_is_told_who_was_faster(signed_in, world, late):
    path = f"/tasks/{late.id}/urging"
    signed_in(world.binh).submit(path, path)
    (ask,) = asks()
    chair, member = signed_in(world.an), signed_in(world.chi)
    page = chair.get(f"/tasks/{late.id}/acknowledgement")
    token = page.text.partition('name="csrf_token" value="')[2].partition('"')[0]
    member.submit(f"/tasks/{late.id}/acknowledgement", f"/tasks/{late.id}/acknowledgement")
    answer = chair.post(
        f"/tasks/{late.id}/acknowledgement", data={"csrf_token": token, "ask": ask.id}
    )
    assert answer.status_code == 409
    assert "Đề nghị này đã được Hồ Thị Chi trả lời lúc 8 giờ" in text_of(answer.text)
    assert "10-4-2018: đã xác nhận." in text_of(answer.text)


def test_the_chair_explains_and_everybody_reads_it_in_the_history(signed_in, world, late):
    path, answer_at = f"/tasks/{late.id}/explanation-request", f"/tasks/{late.id}/explanation"
    signed_in(world.binh).submit(path, path)
    assert signed_in(world.chi).get(answer_at).status_code == 403  # the chair's to answer
    assert "Yêu cầu giải trình" in text_of(signed_in(world.chi).get("/").text)
    chair = signed_in(world.an)
    assert f"{answer_at}?back=/" in {a.get("href") for a in parse(chair.get("/").text)[0].iter("a")}
    assert chair.submit(answer_at, answer_at, words="").status_code == 422
    answer = chair.submit(f"{answer_at}?back=/", answer_at, words="Chờ số liệu của các huyện.")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/")
    told = text_of(signed_in(world.binh).get(f"/tasks/{late.id}").text)
    assert "giải trình việc chậm thực hiện." in told
    assert "Chờ số liệu của các huyện." in told
    assert "Không có yêu cầu giải trình." in text_of(chair.get(answer_at).text)


def test_a_letter_with_an_impossible_number_is_none(signed_in, world, late):
    for letter in ("urging", "explanation-request"):
        path = f"/tasks/{late.id}/{letter}"
        signed_in(world.binh).submit(path, path)
    chair = signed_in(world.an)
    for answer in ("acknowledgement", "explanation"):
        path = f"/tasks/{late.id}/{answer}"
        assert chair.submit(path, path, ask=2**63, words="Thiếu người.").status_code == 409
    assert [ask.answered_at for ask in asks()] == [None, None]


def test_a_request_for_an_explanation_has_no_rung_whatever_is_sent(signed_in, world, late):
    path = f"/tasks/{late.id}/explanation-request"
    assert signed_in(world.binh).submit(path, path, rung=2**63).status_code == 303
    assert [ask.rung for ask in asks()] == [0]


def test_an_explanation_that_comes_second_keeps_its_words_and_names_the_first(
    signed_in, world, late
):
    path, answer_at = f"/tasks/{late.id}/explanation-request", f"/tasks/{late.id}/explanation"
    signed_in(world.binh).submit(path, path)
    chair = signed_in(world.an)
    (ask,) = asks()
    chair.submit(answer_at, answer_at, words="Thiếu người.")
    page = chair.get(f"/tasks/{late.id}").text
    token = page.partition('name="csrf_token" value="')[2].partition('"')[0]
    fields = {"csrf_token": token, "ask": ask.id, "words": "Chờ hướng dẫn của Trung ương."}
    answer = chair.post(answer_at, data=fields)
    text = text_of(answer.text)
    assert answer.status_code == 409
    assert "đã được Lê Thị An trả lời lúc 8 giờ" in text
    assert ": Thiếu người." in text
    assert "Chờ hướng dẫn của Trung ương." in text


# --- another lead -----------------------------------------------------------------------------------------


def test_the_lead_is_changed_with_a_reason_and_history_names_the_lead_of_each_time(
    signed_in, world, late
):
    office, path = signed_in(world.binh), f"/tasks/{late.id}/lead"
    assert office.submit(path, path, lead_id="").status_code == 422
    for lead, reason in ((world.district, "Đúng địa bàn"), (world.town, "Trùng nhiệm vụ")):
        answer = office.submit(path, path, lead_id=str(lead.id), words=reason)
        assert answer.status_code == 303
    history = text_of(office.get(f"/tasks/{late.id}").text)
    assert "chuyển đơn vị chủ trì sang Thị ủy Cửa Lũy." in history
    assert "chuyển đơn vị chủ trì sang Huyện ủy Suối Đá." in history
    assert "Đúng địa bàn" in history
    assert signed_in(world.an).get(f"/tasks/{late.id}").status_code == 404
    assert "Giao nhiệm vụ" in text_of(signed_in(world.oanh).get("/").text)


def test_a_stale_change_of_the_lead_changes_nothing(signed_in, world, late):
    office, path = signed_in(world.binh), f"/tasks/{late.id}/lead"
    stale = late.version
    office.submit(path, path, lead_id=str(world.town.id), words="Trùng nhiệm vụ")
    fields = {"lead_id": str(world.district.id), "words": "Đúng địa bàn", "version": stale}
    answer = office.submit(path, path, **fields)
    assert answer.status_code == 409
    assert words_of(answer) == "Đúng địa bàn"
    db.session.rollback()
    assert db.session.get_one(Task, late.id, populate_existing=True).lead_id == world.town.id


def test_a_unit_that_is_not_on_offer_cannot_be_chosen(signed_in, world, late):
    office, path = signed_in(world.binh), f"/tasks/{late.id}/lead"
    for lead in (world.commission.id, 99999, "abc"):
        answer = office.submit(path, path, lead_id=str(lead), words="Lý do")
        assert answer.status_code == 422
        assert error_at(answer.text, "lead_id")


# --- languages, rows -------------------------------------------------------------------------------------


def test_in_english_only_what_is_kept_is_vietnamese_and_marked(signed_in, world, late):
    office = signed_in(world.binh)
    for step in ("urging", "explanation-request"):
        assert not vietnamese_unmarked(office.get(f"/tasks/{late.id}/{step}?lang=en").text)
        office.submit(f"/tasks/{late.id}/{step}", f"/tasks/{late.id}/{step}", words="Báo cáo ngay")
    assert not vietnamese_unmarked(office.get(f"/tasks/{late.id}/lead?lang=en").text)
    chair = signed_in(world.an)
    for path in ("/", f"/tasks/{late.id}", f"/tasks/{late.id}/explanation"):
        assert not vietnamese_unmarked(chair.get(f"{path}?lang=en").text)
    assert {ask.kind for ask in asks()} == {AskKind.URGING, AskKind.EXPLANATION}


def test_steps_stand_on_the_task_only_where_they_fit(signed_in, world, late):
    office = signed_in(world.binh)
    links = {a.get("href") for a in parse(office.get(f"/tasks/{late.id}").text)[0].iter("a")}
    steps = {f"/tasks/{late.id}/{step}" for step in ("urging", "explanation-request", "lead")}
    assert steps <= links
    in_time = a_task(world, due=TODAY)
    page = parse(office.get(f"/tasks/{in_time.id}").text)[0]
    links = {a.get("href") for a in page.iter("a")}
    assert f"/tasks/{in_time.id}/lead" in links
    assert f"/tasks/{in_time.id}/urging" not in links

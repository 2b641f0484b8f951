"""More time, standing duties and days still to be named in a digest: each once, to whom it concerns."""

from datetime import date, timedelta
from typing import Any

from tests.digests.desks import composed, letter_to, sent_to
from tests.reading import vietnamese_unmarked
from tests.worlds import AT, TODAY, World, a_task, doer, me
from tracker.db import db
from tracker.digests.shared import shared, undated_of
from tracker.digests.values import Section
from tracker.people.models import Person
from tracker.policy import Verb
from tracker.requests import actions, extensions
from tracker.requests.extensions import Wish
from tracker.requests.limits import Case
from tracker.tasks.actions import Due
from tracker.tasks.lifecycle import State
from tracker.tasks.models import Ask, Task
from tracker.timing.kinds import Lack
from tracker.timing.queries import undated

DAY = timedelta(days=1)
LATE, LATER, LATEST = date(2018, 3, 31), date(2018, 5, 15), date(2018, 6, 30)


def due(day: date) -> Due:
    return Due("date", f"{day.day}-{day.month}-{day.year}", day, day)


def wish(world: World, task: Task, until: date = LATER, at=AT) -> Ask:
    """Let the chair of the commission ask for more time."""
    case = Case(task.state, task.due_on, task.slips, most=2)
    asked = Wish(due(until), "Chờ số liệu của hai huyện", "Đã xong sáu huyện")
    ask = extensions.ask(task, asked, case=case, by=doer(world.an), at=at)
    db.session.commit()
    return ask


def refuse(world: World, ask: Ask, task: Task, at=AT) -> None:
    words = "Giữ thời hạn để kịp báo cáo"
    extensions.refuse(ask, task, words, by=doer(world.binh), at=at)
    db.session.commit()


def grant(world: World, ask: Ask, task: Task, until: date | None = None, at=AT) -> None:
    given = due(until) if until else None
    extensions.grant(ask, task, given, by=doer(world.binh), at=at, words="Đã rõ" if until else None)
    db.session.commit()


def in_english(person: Person) -> None:
    db.session.get_one(Person, person.id).lang = "en"
    db.session.commit()


# --- asked ---


def test_a_wish_waits_for_whoever_decides_with_all_that_is_needed_to_answer_it(app, world):
    with app.app_context():
        task = a_task(world, "Khảo sát chi bộ thôn", due=LATE, slips=1)
        wish(world, task)
        letter = letter_to(world.dung)
        assert letter.subject.startswith("[Quá hạn 1]")
        part = letter.text.split("Chờ trả lời: 1")[1]
        for words in (
            "Khảo sát chi bộ thôn",
            "quá hạn 10 ngày · Đã gia hạn 1 lần",
            "Ngày 10-4-2018, Ban Tổ chức Tỉnh ủy Hải Sơn đề nghị điều chỉnh thời hạn từ 31-3-2018",
            "thành 15-5-2018.",
            "Đề nghị gửi sau khi hết hạn",
            "Chờ số liệu của hai huyện",
            "Kết quả đến nay: Đã xong sáu huyện",
            "Đơn vị quyết định thời hạn",
            f"/tasks/{task.id}/extension\n",
        ):
            assert words in part, words
        in_english(world.dung)
        assert not vietnamese_unmarked(letter_to(world.dung).html.split("<h1", 1)[1])


def test_only_its_own_desk_is_told_that_it_is_to_answer_a_wish(app, world):
    with app.app_context():
        task = a_task(world, due=TODAY + DAY)
        wish(world, task)
        own = letter_to(world.an).text
        assert (
            "Đã đề nghị gia hạn đến 15-5-2018; đang chờ tại Tỉnh ủy Hải Sơn từ ngày 10-4-2018."
            in own
        )
        assert "/extension" not in own
        assert "Nếu không kịp thời hạn" not in own
        answers = letter_to(world.binh)
        assert answers.subject == "[Cần trả lời] Rà soát tổ chức bộ máy"
        assert "/extension\n" in answers.text


def test_what_falls_due_soon_names_the_way_to_more_time_to_those_who_may_ask(app, world):
    with app.app_context():
        a_task(world, due=TODAY + DAY)
        way = "Nếu không kịp thời hạn, gửi đề nghị gia hạn trước khi hết hạn."
        chair, member = letter_to(world.an), letter_to(world.chi)
        assert way in chair.text
        assert "Đề nghị gia hạn…" in chair.html
        assert "/extension-request\n" in chair.text
        assert way not in member.text
        assert "extension-request" not in member.text


def test_whoever_has_had_all_extensions_is_not_sent_to_ask_again(app, world):
    with app.app_context():
        a_task(world, due=TODAY + DAY, slips=2)
        letter = letter_to(world.an)
        assert "extension-request" not in letter.text
        assert "Đã gia hạn 2 lần" in letter.text
        in_english(world.an)
        assert "Extended twice" in letter_to(world.an).text


# --- answered ---


def answers_in(letter) -> int:
    return letter.text.count("trả lời đề nghị gia hạn.")


def test_an_answer_is_told_to_the_lead_once(app, world):
    with app.app_context():
        task = a_task(world, "Khảo sát chi bộ thôn", due=TODAY + 10 * DAY)
        ask = wish(world, task, LATEST)
        grant(world, ask, task)
        letter = sent_to(world.an)
        assert letter.subject == "[Đã trả lời] Khảo sát chi bộ thôn"
        assert "Đề nghị gia hạn đã được trả lời: 1" in letter.text
        assert (
            "Ngày 10-4-2018, Tỉnh ủy Hải Sơn trả lời đề nghị gia hạn. Đồng ý điều chỉnh thời hạn"
            " thành 30-6-2018. Đây là lần gia hạn thứ 1; thời hạn ban đầu: 20-4-2018."
        ) in letter.text
        assert letter.told["answers"] == [ask.id]
        a_task(world, "Việc khác", due=TODAY)
        assert answers_in(sent_to(world.an, TODAY + DAY)) == 0
        a_task(world, "Việc nữa", due=TODAY)
        assert answers_in(letter_to(world.an, TODAY + 2 * DAY)) == 0


def test_another_date_and_a_refusal_say_why(app, world):
    with app.app_context():
        other, refused = (a_task(world, title, due=TODAY + 10 * DAY) for title in ("Một", "Hai"))
        grant(world, wish(world, other, LATEST), other, LATER)
        refuse(world, wish(world, refused), refused)
        text = letter_to(world.an).text
        assert "Không chấp nhận thời hạn 30-6-2018; thời hạn mới là 15-5-2018." in text
        assert "Không đồng ý gia hạn. Thời hạn vẫn là 20-4-2018." in text
        assert "Giữ thời hạn để kịp báo cáo" in text
        assert "2 đề nghị gia hạn đã được trả lời." in text


def test_an_answer_about_what_is_late_stands_there_once_and_is_not_repeated(app, world):
    with app.app_context():
        task = a_task(world, due=LATE)
        ask = wish(world, task)
        sent_to(world.an, TODAY - DAY)
        refuse(world, ask, task)
        letter = sent_to(world.an)
        assert letter.text.count("Rà soát tổ chức bộ máy") == 1
        assert f"{Section.LATE}" == letter.told["marks"][str(task.id)][0]
        assert answers_in(letter) == 1
        a_task(world, "Việc khác", due=TODAY)
        assert answers_in(letter_to(world.an, TODAY + DAY)) == 0


def test_what_was_answered_before_the_last_digest_is_no_news(app, world):
    with app.app_context():
        task = a_task(world, due=TODAY + 10 * DAY)
        refuse(world, wish(world, task, at=AT - 20 * DAY), task, AT - 19 * DAY)
        a_task(world, "Việc khác", due=TODAY)
        assert answers_in(sent_to(world.an)) == 0


def test_what_lapsed_or_was_withdrawn_is_no_answer(app, world):
    with app.app_context():
        lapsed, withdrawn = (a_task(world, t, due=TODAY + 10 * DAY) for t in ("Một", "Hai"))
        wish(world, lapsed)
        extensions.withdraw(wish(world, withdrawn), withdrawn, by=doer(world.an), at=AT)
        actions.move(lapsed, Verb.HAND_IN, by=doer(world.an), at=AT)
        actions.move(lapsed, Verb.RETURN, by=doer(world.binh), at=AT, words="Thiếu số liệu")
        db.session.commit()
        assert answers_in(letter_to(world.an)) == 0


# --- standing duties ---


def standing(world: World, title: str, days_ago: int, cycle: int | None = 10) -> Task:
    kind: dict[str, Any] = {
        "due_kind": "ongoing",
        "due_words": "thường xuyên",
        "review_days": cycle,
    }
    task = a_task(world, title, state=State.IN_PROGRESS, **kind)
    task.moved_at = AT - days_ago * DAY
    db.session.commit()
    return task


def test_a_standing_duty_is_told_once_in_each_cycle_without_a_word(app, world):
    with app.app_context():
        task = standing(world, "Giao ban hằng ngày", 10)
        standing(world, "Chưa đến kỳ", 9)
        standing(world, "Không có kỳ", 90, None)
        letter = sent_to(world.an)
        assert letter.subject == "[Đến kỳ cập nhật] Giao ban hằng ngày"
        assert "10 ngày chưa cập nhật tiến độ; cần cập nhật 10 ngày một lần." in letter.text
        assert "Chưa đến kỳ" not in letter.text
        assert "Không có kỳ" not in letter.text
        for days in range(1, 10):
            day = TODAY + days * DAY
            if day.isoweekday() > 5:
                continue
            a_task(world, f"Việc {days}", due=day)
            mail = sent_to(world.an, day)
            assert "Giao ban hằng ngày" not in mail.text, day
            assert mail.told["cycles"].get(str(task.id)) == 1
        a_task(world, "Việc cuối", due=TODAY + 10 * DAY)
        assert "20 ngày chưa cập nhật tiến độ" in sent_to(world.an, TODAY + 10 * DAY).text


def test_a_word_begins_the_cycle_anew(app, world):
    with app.app_context():
        task = standing(world, "Giao ban hằng ngày", 30)
        assert "30 ngày" in sent_to(world.an).text
        actions.note(task, "Đã họp", by=doer(world.an), at=AT)
        db.session.commit()
        a_task(world, "Việc khác", due=TODAY)
        later = sent_to(world.an, TODAY + DAY)
        assert "Giao ban hằng ngày" not in later.text
        assert later.told["cycles"] == {}


# --- no day yet ---


def test_deciders_read_at_the_end_of_how_many_tasks_they_have_still_to_name_the_day(app, world):
    with app.app_context():
        vague: dict[str, Any] = {"due_kind": "vague", "due_words": "sớm"}
        a_task(world, "Sớm hoàn thành", **vague)
        a_task(world, "Không nêu", coordinators=[world.district])
        a_task(world, "Thường xuyên", due_kind="ongoing", due_words="thường xuyên")
        a_task(world, "Khi có hướng dẫn", due_kind="event", due_words="khi có hướng dẫn")
        a_task(world, "Đã xong", state=State.DONE)
        a_task(world, "Việc của huyện", lead=world.district, assigner=world.commission)
        a_task(world, "Chờ duyệt", state=State.SUBMITTED, due=TODAY)
        letter = letter_to(world.binh)
        assert "2 nhiệm vụ chưa có thời hạn, chờ đơn vị ấn định.\n" in letter.text
        assert "/no-deadline" in letter.html
        assert "Sớm hoàn thành" not in letter.text
        for person in (world.binh, world.dung, world.an, world.lan, world.giang):
            asker = me(person)
            found = undated(asker, TODAY)
            listed = len(found.get(Lack.VAGUE, ())) + len(found.get(Lack.UNSTATED, ()))
            assert undated_of(asker, shared(TODAY)) == listed, person.name


def test_tasks_without_a_day_are_no_news_by_themselves(app, world):
    with app.app_context():
        a_task(world)
        outcome = composed(world.dung)
        assert getattr(outcome, "reason", None) == "nothing"

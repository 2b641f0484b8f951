"""The page of one measure and the page of all of them: every figure with its day, nothing unknown as a number."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from tests.reading import text_of
from tests.worlds import MADE_AT, a_child, a_draft, a_measure, a_plan, a_task, a_unit
from tracker.db import db
from tracker.measures.models import Direction, Reading
from tracker.measures.overview import roman
from tracker.measures.page import percent
from tracker.tasks.lifecycle import State

MARCH, FEBRUARY = date(2018, 3, 31), date(2018, 2, 10)


def numbers(html: str) -> dict[str, int]:
    """Return how many measures stand how, by the words of the links."""
    line = html.partition('class="tally-line"')[2].partition("</p>")[0]
    links = [part.partition(">")[0] for part in line.split("data-count=")[1:]]
    return {str(n): int(link.split('"')[1]) for n, link in enumerate(links)}


@pytest.fixture
def quotas(world):
    """Five units report 1,395 against quotas of 1,125."""
    task = a_task(world, "Kết nạp đảng viên", lead=world.commission)
    whole = a_measure(task, "đảng viên mới", unit_vi="đảng viên", target=Decimal(1125))
    for number, (before, value) in enumerate(
        ((120, 280), (100, 300), (90, 250), (9, 290), (8, 275))
    ):
        unit = a_unit(f"Đảng ủy xã số {number + 1}", world.district)
        told = [(before, FEBRUARY), (value, MARCH)]
        fields: dict[str, Any] = {"into_id": whole.id, "target": Decimal(225), "readings": told}
        a_measure(a_child(world, task, unit), "đảng viên mới", unit_vi="đảng viên", **fields)
    return whole


def test_quotas_add_up_to_more_than_their_whole_and_say_so(signed_in, world, quotas):
    shown = text_of(signed_in(world.binh).get(f"/measures/{quotas.id}").text)
    for told in ("1.395", "1.125", "124%", "vượt chỉ tiêu", "Đảng ủy xã số 5", "327"):
        assert told in shown, told


def test_a_corrected_figure_is_kept_struck_out_and_names_what_stands(signed_in, world):
    measure = a_measure(a_task(world), target=Decimal(400), readings=[(950, MARCH), (95, MARCH)])
    wrong, right = db.session.scalars(select(Reading).order_by(Reading.id)).all()
    right.corrects_id, right.source, right.entered_by_id = wrong.id, "Công văn 15", world.chi.id
    db.session.commit()
    html = signed_in(world.an).get(f"/measures/{measure.id}").text
    assert "<s>950</s>" in "".join(html.split())
    assert f'href="#reading-{right.id}"' in html
    assert "Công văn 15" in html
    assert 'class="struck"' in html
    assert text_of(html).count("95") > 2


def test_what_nobody_stated_is_no_number_and_no_bar(signed_in, world):
    measure = a_measure(a_task(world), direction=Direction.DOWN, readings=[(3, None)])
    html = signed_in(world.an).get(f"/measures/{measure.id}").text
    assert "chưa nêu ngày" in text_of(html)
    assert "%" not in text_of(html).replace("100%", "")
    assert 'class="hatch"' in html
    assert "<circle" not in html


def test_a_percentage_stands_as_its_source_printed_it(signed_in, world):
    measure = a_measure(a_task(world), target_under=Decimal(1125), readings=[(1395, MARCH)])
    (reading,) = db.session.scalars(select(Reading))
    reading.percent_words, reading.percent_over = "trên 124%", Decimal(124)
    db.session.commit()
    for path in (f"/measures/{measure.id}", "/measures"):
        shown = text_of(signed_in(world.an).get(path).text)
        assert "trên 124%" in shown
        assert "dưới 1.125" in shown
        assert "vượt chỉ tiêu" in shown
        assert "124,0" not in shown


def test_a_sibling_is_not_there_and_a_co_ordinator_reads_the_sum_without_names(
    signed_in, world, quotas
):
    own = a_child(world, db.session.get_one(type(a_task(world)), quotas.task_id), world.town)
    part = a_measure(own, into_id=quotas.id, target=Decimal(5))
    town = signed_in(world.oanh)
    assert town.get(f"/measures/{part.id}").status_code == 200
    assert town.get(f"/measures/{quotas.id}").status_code == 404
    listed = town.get("/measures").text
    assert f"/measures/{part.id}" in listed
    assert f'href="/measures/{quotas.id}"' not in listed


def test_all_measures_stand_in_groups_and_every_number_opens_as_many(signed_in, world, quotas):
    other = a_plan("Kế hoạch khảo sát", world.province)
    survey = a_task(world, "Khảo sát", plan_id=other.id)
    a_measure(survey, target=Decimal(16), readings=[(4, MARCH)])
    a_measure(survey, target=Decimal(16))
    a_measure(survey, readings=[(4, MARCH)])
    a_measure(survey, target=Decimal(4), readings=[(4, MARCH)])
    a_measure(a_draft(world), "chưa giao", target=Decimal(1))
    a_measure(a_task(world, state=State.CANCELLED), "đã hủy")
    a_measure(survey, "đã bỏ", is_dropped=True)
    office = signed_in(world.binh)
    html = office.get("/measures").text
    assert list(numbers(html).values()) == [5, 1, 1, 1, 1, 1]
    assert 'data-total="5"' in html
    assert not [words for words in ("chưa giao", "đã hủy", "đã bỏ") if words in html]
    for stand in ("exceeded", "reached", "short", "untold", "aimless"):
        assert 'data-total="1"' in office.get(f"/measures?stand={stand}").text, stand
    plan = office.get(f"/measures?plan={other.id}").text
    assert 'data-total="4"' in plan
    assert "I. " in text_of(plan)
    assert "II. " in text_of(html)
    parts = office.get("/measures?parts=1").text
    assert 'data-total="5"' in parts
    assert parts.count('class="quota"') == 5
    branch = office.get(f"/measures?unit={world.district.id}").text
    assert 'data-total="5"' in branch
    assert "1.125" not in branch


@pytest.mark.parametrize(
    "query",
    ["plan=0", "plan=x", "plan=999999", "unit=99999999999", "unit=-1", "stand=nothing"],
)
def test_what_is_not_there_is_404(signed_in, world, query):
    assert signed_in(world.binh).get(f"/measures?{query}").status_code == 404


def test_a_measure_no_longer_followed_is_still_read_but_takes_no_figure(signed_in, world):
    measure = a_measure(a_task(world), is_dropped=True, readings=[(3, MARCH)])
    html = signed_in(world.binh).get(f"/measures/{measure.id}").text
    assert "không còn theo dõi" in text_of(html)
    assert f"/measures/{measure.id}/readings" not in html


def test_with_two_hundred_figures_no_more_is_asked_for(signed_in, world, queries):
    measure = a_measure(a_task(world), target=Decimal(400), readings=[(1, MARCH)])
    office, counts = signed_in(world.binh), []
    for number in (1, 200):
        own = {"measure_id": measure.id, "as_of_on": MARCH, "entered_at": MADE_AT, "prov": {}}
        db.session.add_all(Reading(value=Decimal(n), **own) for n in range(number))
        for _ in range(number // 10):
            a_measure(a_task(world), readings=[(1, MARCH)])
        db.session.commit()
        office.get("/measures")
        for path in (f"/measures/{measure.id}", "/measures"):
            with queries.counting():
                assert office.get(path).status_code == 200
            counts.append(len(queries))
    assert counts[:2] == counts[2:]


def test_short_of_all_of_it_nothing_reads_as_a_hundred():
    assert percent(Decimal("0.99999")) == "99,99"
    assert [roman(n) for n in (1, 4, 9, 14, 40, 99)] == ["I", "IV", "IX", "XIV", "XL", "XCIX"]

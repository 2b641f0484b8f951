"""Search by name: what one may see and nothing else, accents optional, the best fit first."""

import pytest

from tests.cases import for_each
from tests.pages import parse
from tests.reading import text_of
from tests.worlds import a_document, a_draft, a_plan, a_task
from tracker.search.ranking import bits, rank

HTMX = {"HX-Request": "true"}


def names(html: str) -> list[str]:
    """Return what the links of a list say first."""
    spans = [a.find("span") for a in parse(html)[0].iter("a")]
    return ["".join(span.itertext()) for span in spans if span is not None]


RANKS = [
    ("Đắk Mil", "Rà soát Đắk Mil", "Rà soát Dak Mil"),
    ("dak", "Dak Nông", "Huyện ủy Đắk Mil"),
    ("tổ chức", "Tổ chức hội nghị", "Ban Tổ chức"),
    ("chi", "Ban Chi đạo", "Rachid"),
]


@for_each(RANKS)
def test_accents_that_were_typed_and_beginnings_come_first(case):
    words, first, second = case
    assert rank(first, words) < rank(second, words)


def test_what_was_looked_for_is_marked_letter_by_letter():
    assert [bit.text for bit in bits("Huyện ủy Đắk Mil", ["dak", "uy"]) if bit.is_hit] == [
        "uy",
        "ủy",
        "Đắk",
    ]


def test_tasks_documents_plans_units_and_pages_are_found_without_their_accents(world, signed_in):
    a_task(world, "Rà soát quỹ đất công")
    a_document("Về quỹ đất công", issuer=world.province)
    a_plan("Kế hoạch quỹ đất công", world.province)
    client = signed_in(world.binh)
    for answer in (client.get("/search?q=quy+dat"), client.get("/search?q=quy+dat", headers=HTMX)):
        assert {"Rà soát quỹ đất công", "Kế hoạch quỹ đất công"} <= set(names(answer.text))
        assert "<mark>quỹ</mark>" in answer.text
    assert "Huyện ủy Suối Đá" in names(client.get("/search?q=suoi+da").text)
    assert "Bảng nhiệm vụ" in names(client.get("/search?q=bang+nhiem").text)


def test_nothing_is_found_that_one_may_not_see(world, signed_in):
    a_task(world, "Việc riêng của nơi khác", lead=world.elsewhere, assigner=world.elsewhere)
    a_draft(world, "Việc riêng còn dự thảo")
    for person, seen in ((world.an, 0), (world.ha, 1), (world.binh, 1), (world.khanh, 0)):
        text = text_of(signed_in(person).get("/search?q=viec+rieng").text)
        assert ("Việc riêng" in text) == bool(seen), person.name


def test_a_number_opens_the_very_task(world, signed_in):
    tasks = [a_task(world, f"Việc {n}") for n in range(3)]
    found = signed_in(world.binh).get(f"/search?q={tasks[1].id}", headers=HTMX).text
    assert names(found)[0] == tasks[1].title_vi


def test_words_as_they_were_typed_come_first_however_much_else_there_is(world, signed_in):
    a_task(world, "Họp về Đắk Mil")
    for number in range(250):
        a_task(world, f"Họp về Dak Mil {number}")
    found = signed_in(world.binh).get("/search?q=Đắk Mil", headers=HTMX).text
    assert names(found)[0] == "Họp về Đắk Mil"


def test_a_code_opens_the_very_task(world, signed_in):
    a_task(world, "Rà soát nv-27b và các việc khác")
    a_task(world, "Tổng kết", code="NV-27b")
    assert names(signed_in(world.binh).get("/search?q=nv-27b", headers=HTMX).text)[0] == "Tổng kết"


def test_people_are_found_by_name_where_they_hold_a_seat_and_by_no_address(world, signed_in):
    client = signed_in(world.chi)
    found = client.get("/search?q=do+thi+mai").text
    assert "Đỗ Thị Mai" in names(found)
    assert f'href="/committees/{world.district.id}"' in found
    assert "Đỗ Thị Mai" not in names(client.get("/search?q=mai@test.local").text)
    assert "Bùi Văn Khánh" not in names(client.get("/search?q=khanh").text)


@pytest.mark.parametrize(
    "words", ["", "a", "\u0301\u0301", "%", "_", "<script>", "' OR 1=1", "x" * 900, "()[]*"]
)
def test_odd_words_find_nothing_and_break_nothing(world, signed_in, words):
    a_task(world, "Rà soát")
    for headers in ({}, HTMX):
        answer = signed_in(world.binh).get("/search", query_string={"q": words}, headers=headers)
        assert answer.status_code == 200
        assert "<script>" not in answer.text.replace("<script src", "")
        assert "Rà soát" not in names(answer.text)


def test_the_cost_does_not_grow_with_what_is_found(world, signed_in, queries):
    client, costs = signed_in(world.binh), []
    for _round in range(2):
        for number in range(15):
            a_task(world, f"Rà soát {number}")
        client.get("/search?q=ra+soat")
        with queries.counting():
            client.get("/search?q=ra+soat")
        costs.append(len(queries))
    assert costs[0] == costs[1]

"""From a pasted text to clauses, from a clause to tasks, from any task back to its clause."""

import pytest

from tests.reading import text_of
from tests.worlds import a_document, a_draft, a_task, follows
from tracker.db import db
from tracker.documents.models import Clause, Document, Lineage
from tracker.tasks.models import Task

TEXT = """Điều 1. Mục tiêu
1. Sắp xếp tổ chức bộ máy tinh gọn.
a) Rà soát chức năng, nhiệm vụ;
b) Đề xuất phương án.
2. Bảo đảm chế độ, chính sách.
Điều 2. Tổ chức thực hiện
Các huyện ủy, thị ủy triển khai."""


@pytest.fixture
def document(world):
    return a_document("Về sắp xếp tổ chức bộ máy", number="18", issuer=world.province)


def clauses() -> list[Clause]:
    db.session.rollback()
    db.session.expire_all()
    return list(db.session.scalars(db.select(Clause).order_by(Clause.position)))


def split(client, document, text: str = TEXT):
    path = f"/documents/{document.id}/clauses"
    return client.submit(path, path, text=text, step="split")


def sent_back(rows: int, **changed: str) -> dict[str, str]:
    found = {"step": "save", "rows": str(rows)}
    for n in range(rows):
        found |= {
            f"keep-{n}": "1",
            f"depth-{n}": "0",
            f"words-{n}": f"Khoản {n}",
            f"needs-{n}": "1",
        }
    return found | changed


def test_a_pasted_text_is_shown_in_clauses_before_anything_is_saved(world, document, signed_in):
    answer = split(signed_in(world.binh), document)
    assert answer.status_code == 200
    assert "Tách được 6 điều, khoản" in text_of(answer.text)
    assert clauses() == []


def test_what_was_looked_through_is_saved_in_its_order(world, document, signed_in):
    client, path = signed_in(world.binh), f"/documents/{document.id}/clauses"
    wrong = client.submit(path, path, **sent_back(3, **{"words-1": "", "mark-1": ""}))
    assert wrong.status_code == 422
    assert clauses() == []
    client.submit(path, path, **sent_back(3, **{"mark-0": "Điều 1.", "depth-1": "1"}))
    assert [(c.mark, c.words, c.depth) for c in clauses()] == [
        ("Điều 1.", "Khoản 0", 0),
        (None, "Khoản 1", 1),
        (None, "Khoản 2", 0),
    ]


def test_two_thousand_lines_are_refused_in_words_with_the_text_kept(world, document, signed_in):
    text = "\n".join(f"{n}. Việc số {n}." for n in range(1, 2001))
    answer = split(signed_in(world.binh), document, text)
    assert answer.status_code == 422
    assert "400" in text_of(answer.text)
    assert "2000. Việc số 2000." in answer.text
    assert clauses() == []


@pytest.fixture
def clause(document):
    found = Clause(document_id=document.id, position=1, mark="Điều 1.", words="Rà soát bộ máy.")
    db.session.add_all([found, Clause(document_id=document.id, position=2, words="Chưa ai làm.")])
    db.session.commit()
    return found


def test_a_task_is_drafted_from_its_clause_and_leads_back_in_one_click(
    world, document, clause, signed_in
):
    client = signed_in(world.binh)
    path = f"/tasks/new?document={document.id}&clause={clause.id}"
    lead = str(world.commission.id)
    client.submit(path, "/tasks/new", title_vi="Rà soát tổ chức", lead_id=lead)
    task = db.session.scalars(db.select(Task).where(Task.clause_id == clause.id)).one()
    page = client.get(f"/tasks/{task.id}").text
    assert f'href="/documents/{document.id}#clause-{clause.id}"' in page
    found = client.get(f"/documents/{document.id}").text
    assert f'id="clause-{clause.id}"' in found


def test_the_cascade_names_every_task_and_every_clause_without_one(
    world, document, clause, signed_in
):
    child = a_document("Kế hoạch thực hiện", issuer=world.province)
    follows(document, child)
    a_task(world, "Việc theo điều 1", clause_id=clause.id, document_id=document.id, plan_id=None)
    a_task(world, "Việc theo kế hoạch", document_id=child.id, plan_id=None)
    page = text_of(signed_in(world.binh).get(f"/documents/{document.id}/cascade").text)
    assert "1 điều, khoản chưa có nhiệm vụ" in page
    assert "Chưa ai làm." in page
    assert "Việc theo điều 1" in page
    assert "Việc theo kế hoạch" in page
    assert signed_in(world.ha).get(f"/documents/{document.id}/cascade").status_code == 404


def test_a_draft_shows_on_a_clause_to_its_givers_only(world, document, clause, signed_in):
    a_draft(world, "Việc còn dự thảo", clause_id=clause.id, document_id=document.id)
    a_task(world, "Việc đã giao", document_id=document.id)
    for person, seen in ((world.binh, True), (world.an, False)):
        page = text_of(signed_in(person).get(f"/documents/{document.id}/cascade").text)
        assert ("Việc còn dự thảo" in page) == seen


def test_a_clause_on_which_a_task_rests_cannot_be_removed(world, document, clause, signed_in):
    a_task(world, clause_id=clause.id, document_id=document.id)
    client = signed_in(world.binh)
    path = f"/clauses/{clause.id}/edit"
    assert client.submit(path, f"/clauses/{clause.id}/removal").status_code == 409
    other = clauses()[1]
    client.submit(f"/clauses/{other.id}/edit", f"/clauses/{other.id}/removal")
    assert len(clauses()) == 1
    stale = client.submit(path, path, words="Câu khác", version="99")
    assert stale.status_code == 409
    client.submit(path, path, words="Rà soát bộ máy và biên chế.")
    assert clauses()[0].words == "Rà soát bộ máy và biên chế."


def test_a_document_hangs_at_a_clause_of_its_parent(world, document, clause, signed_in):
    child = a_document("Kế hoạch thực hiện", issuer=world.province)
    follows(document, child)
    path = f"/documents/{child.id}/grounds/{document.id}"
    client = signed_in(world.binh)
    client.submit(path, path, clause_id=str(clause.id))
    db.session.rollback()
    edge = db.session.get_one(Lineage, (document.id, child.id), populate_existing=True)
    assert edge.clause_id == clause.id
    page = text_of(client.get(f"/documents/{document.id}/cascade").text)
    assert "căn cứ Điều 1" in page


def test_a_superseded_document_points_to_its_successor_and_circles_are_refused(
    world, document, signed_in
):
    newer = a_document("Về việc mới", number="19", issuer=world.province)
    client, path = signed_in(world.binh), f"/documents/{document.id}/edit"
    client.submit(path, path, successor_id=str(newer.id))
    page = client.get(f"/documents/{document.id}").text
    assert "đã được thay thế bởi" in text_of(page)
    back = f"/documents/{newer.id}/edit"
    assert client.submit(back, back, successor_id=str(document.id)).status_code == 422
    db.session.rollback()
    assert db.session.get_one(Document, newer.id, populate_existing=True).successor_id is None


def test_the_pages_cost_the_same_with_few_tasks_and_with_many(
    world, document, clause, signed_in, queries
):
    client, costs = signed_in(world.binh), []
    for _round in range(2):
        for _task in range(20):
            a_task(world, clause_id=clause.id, document_id=document.id)
        for path in (f"/documents/{document.id}", f"/documents/{document.id}/cascade"):
            client.get(path)
            with queries.counting():
                client.get(path)
            costs.append(len(queries))
    assert costs[:2] == costs[2:]

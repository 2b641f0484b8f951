"""Units, documents and plans answer alike on either kind of database."""

from datetime import date

from tests.pages import choose, client_of, filled, parse
from tests.reading import rows_of, text_of
from tests.worlds import a_document, a_line, a_measure, a_task, a_world, follows


def test_every_page_and_a_move_of_a_unit_answer_on_either_database(any_app):
    with any_app.app_context():
        world = a_world()
        above = a_document("nghị quyết gốc", issuer=world.province)
        follows(above, world.document)
        task = a_task(world, due=date(2018, 4, 1))
        a_line(world, task, world.district)
        a_measure(task, readings=[(3, None)])
    client = client_of(any_app).sign_in(world.binh.email)
    for path in ("/committees", "/documents?q=nghi quyet", "/plans?q=sap xep&page=1&all=1"):
        assert client.get(path).status_code == 200
    above_page = text_of(client.get(f"/documents/{above.id}").text)
    assert "Hoàn thành 0/1, quá hạn 1/1" in above_page
    assert len(rows_of(client.get(f"/plans/{world.plan.id}").text)) == 2
    path = f"/committees/{world.commission.id}/edit"
    data = filled(choose(parse(client.get(path).text)[0], path, {}))
    assert client.post(path, data=data | {"parent_id": world.district.id}).status_code == 303
    assert client.get(f"/committees/{world.division.id}").status_code == 200
    for kind, row in (("documents", world.document), ("plans", world.plan)):
        path = f"/{kind}/{row.id}/edit"
        data = filled(choose(parse(client.get(path).text)[0], path, {}))
        assert client.post(path, data=data | {"note": "x"}).status_code == 303

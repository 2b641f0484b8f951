"""The edge of a request: committed below 400, rolled back above, an error page whatever has gone."""

import pytest
from sqlalchemy import event, select
from sqlalchemy.exc import OperationalError

from tests.pages import choose, client_of, filled, parse
from tests.worlds import a_draft, a_world
from tracker.db import db
from tracker.tasks.models import Task


@pytest.fixture
def world(any_app):
    with any_app.app_context():
        yield a_world()


def as_in_production(app):
    """Return a client of an app that answers for its mistakes itself."""
    app.config |= {"TESTING": False, "PROPAGATE_EXCEPTIONS": False}
    return client_of(app)


@pytest.fixture
def failing():
    """Let the database fail from the first statement that holds the words on."""

    def fail(engine, words):
        broken: list[str] = []

        def refuse(_conn, _cursor, statement, parameters, *_more):
            if broken or words in statement:
                broken.append(statement)
                raise OperationalError(statement, parameters, Exception("the server is gone"))

        event.listen(engine, "before_cursor_execute", refuse)

    return fail


def test_the_error_page_comes_where_the_database_goes_in_the_middle_of_a_request(
    any_app, world, failing
):
    client = as_in_production(any_app).sign_in(world.binh.email)
    db.session.rollback()
    failing(db.engine, "count(")
    answer = client.get("/plans")
    assert answer.status_code == 503
    assert "Content-Security-Policy" in answer.headers
    assert answer.headers["Content-Language"] == "vi"


def test_what_could_not_be_committed_is_not_said_to_be_done(any_app, world):
    task = a_draft(world)
    client = as_in_production(any_app).sign_in(world.binh.email)
    page = f"/tasks/{task.id}/edit"
    data = filled(choose(parse(client.get(page).text)[0], page, {})) | {"title_vi": "Tên khác"}
    db.session.rollback()

    def refuse(_connection):
        raise OperationalError("COMMIT", {}, Exception("the server is gone"))

    event.listen(db.engine, "commit", refuse)
    answer = client.post(page, data=data)
    event.remove(db.engine, "commit", refuse)
    assert answer.status_code == 503
    assert "Đã lưu" not in answer.text
    assert "Đã lưu" not in client.get(f"/tasks/{task.id}").text
    assert db.session.scalar(select(Task.title_vi).where(Task.id == task.id)) == "Dự thảo nhiệm vụ"


def test_a_wrong_method_is_told_which_are_right(any_app, world):
    answer = client_of(any_app).sign_in(world.binh.email).get("/sign-out")
    assert answer.status_code == 405
    assert "POST" in answer.headers["Allow"]


@pytest.mark.parametrize("path", ["/documents", "/plans", "/people", "/board"])
@pytest.mark.parametrize("words", ["\0", "a" * 60_000], ids=["nul", "long"])
def test_whatever_is_searched_for_a_page_answers(any_app, world, path, words):
    person = world.khanh if path == "/people" else world.binh
    answer = client_of(any_app).sign_in(person.email).get(path, query_string={"q": words})
    assert answer.status_code in {200, 422}, answer.status_code

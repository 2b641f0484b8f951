"""Every page and the history tell the same of a branch in which everything has happened."""

from datetime import timedelta

from tests.agreeing import agree, asking, history_agrees
from tests.worlds import AT, TODAY, a_child, a_line, a_task, doer
from tracker.history.actions import record
from tracker.history.models import Kind
from tracker.tasks.lifecycle import State
from tracker.tasks.moves import image_of

LATE, LATER = TODAY - timedelta(days=4), TODAY + timedelta(days=4)


def test_board_status_overdue_list_digest_and_history_count_alike(app, world, signed_in):
    with app.app_context():
        for state in State:
            for due in (LATE, LATER, None):
                a_line(world, a_task(world, state=state, due=due), world.district)
        parent = a_task(world, state=State.ASSIGNED, due=LATER)
        a_child(world, parent, world.district, due=LATE)
        a_child(world, parent, world.town, state=State.DONE)
        record(Kind.FANNED_OUT, by=doer(world.an), at=AT, image=image_of(parent))
        people = [world.binh, world.dung, world.an, world.mai]
        history_agrees()
    for person in people:
        agree(asking(signed_in(person)))

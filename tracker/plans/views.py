"""The pages of plans: the list, one plan with its tasks and figures, its form."""

from typing import Any

from flask import Blueprint, g, request, url_for
from flask_babel import gettext as _
from sqlalchemy import Select

from tracker.committees.door import doer
from tracker.committees.stories import PLAN_KINDS, story
from tracker.documents import queries as documents
from tracker.forms import beside, labels_of, status_of
from tracker.measures import queries as measures
from tracker.plans import actions, door, queries
from tracker.plans.forms import PlanEdit, PlanForm
from tracker.plans.models import Plan
from tracker.plans.weights import WeightRows
from tracker.policy import Verb
from tracker.reports import plan_progress
from tracker.rules.queries import in_force
from tracker.tasks import listing, sources
from tracker.tasks.actions import weigh as weigh_task
from tracker.web import (
    CONFLICT,
    INVALID,
    SAFE_METHODS,
    Answer,
    for_verb,
    now,
    page,
    say,
    searched,
    see_other,
    stands_for,
    today,
)

pages = Blueprint("plans", __name__, url_prefix="/plans")


@pages.get("")
@for_verb(Verb.SEE_OWN)
def index() -> Answer:
    """List the plans with how each stands."""
    words = searched()
    listed = listing.page_of(queries.matching(_seen(), words), request.args)
    ids = [plan.id for plan in listed.found]
    tallies = sources.by_plan(g.me, ids, today())
    told: dict[str, Any] = {"tallies": tallies}
    told["progress"] = plan_progress.by_plan(g.me, ids, today())
    return page("plans/index.html", listed=listed, words=words, none_yet=NONE, **told)


@pages.get("/<int:plan_id>")
@for_verb(Verb.SEE_OWN)
def show(plan_id: int) -> Answer:
    """Show one plan: its state, its tasks by parent, their figures."""
    plan = door.find(_seen(), plan_id)
    return page("plans/show.html", plan=plan, **_around(plan))


@pages.route("/new", methods=["GET", "POST"])
@for_verb(Verb.ADD_PLAN)
def new() -> Answer:
    """Enter a plan."""
    form = _offered(PlanForm(document_id=request.args.get("document", type=int)))
    if "check" in request.form or not form.validate_on_submit():
        return _form_page(form, None)
    facts = form.facts()
    plan = actions.add_plan(facts, by=doer([facts.owner_id]), at=now())
    say(_("The plan is entered."))
    return see_other(url_for(".show", plan_id=plan.id))


@pages.route("/<int:plan_id>/edit", methods=["GET", "POST"])
@stands_for(Verb.EDIT_PLAN)
def edit(plan_id: int) -> Answer:
    """Correct a plan."""
    plan = door.find_for(Verb.EDIT_PLAN, _seen(), plan_id)
    form = _offered(PlanEdit(plan))
    if "check" not in request.form and form.is_submitted() and form.is_stale(plan):
        return _conflict(plan, form)
    if "check" in request.form or not form.validate_on_submit():
        return _form_page(form, plan)
    actions.edit_plan(plan, form.facts(), by=doer([plan.owner_id]), at=now())
    say(_("The plan is saved."))
    return see_other(url_for(".show", plan_id=plan.id))


# --- progress ---------------------------------------------------------------------------------------


@pages.get("/<int:plan_id>/progress")
@for_verb(Verb.SEE_OWN)
def progress(plan_id: int) -> Answer:
    """Show how far a plan should be and how far it is, on the screen and on paper."""
    plan = door.find(_seen(), plan_id)
    found = plan_progress.of_plan(g.me, plan.id, today(), in_force().soon_until(today()))
    return page("plans/progress.html", plan=plan, found=found, may_edit=door.may_edit(plan))


@pages.route("/<int:plan_id>/weights", methods=["GET", "POST"])
@stands_for(Verb.EDIT_PLAN)
def weigh(plan_id: int) -> Answer:
    """Say how much each task counts for in the plan."""
    plan = door.find_for(Verb.EDIT_PLAN, _seen(), plan_id)
    tasks = {task.id: task for task in plan_progress.tasks_of(g.me, plan.id)}
    rows = WeightRows(tasks.values(), request.form if request.method == "POST" else None)
    if request.method in SAFE_METHODS or rows.is_wrong:
        status = CONFLICT if rows.is_stale else INVALID if rows.is_wrong else 200
        return page("plans/weights.html", status, plan=plan, rows=rows)
    for row in rows.changed():
        weigh_task(tasks[row.id], row.wanted, by=doer([plan.owner_id]), at=now())
    say(_("The weights are saved."))
    return see_other(url_for(".progress", plan_id=plan.id))


NONE = sources.Tally()


def _seen() -> Select[Plan]:
    return sources.plans_for(g.me)


def _offered(form: PlanForm) -> PlanForm:
    stays = [form.plan.document_id] if form.plan and form.plan.document_id else []
    return form.offer(door.owners(), documents.choices(sources.documents_for(g.me), stays))


def _form_page(form: PlanForm, plan: Plan | None) -> Answer:
    """Show the form; where only the deadline was to be checked, with what was read out of it."""
    if "check" in request.form:
        form.validate()
        for field in form:
            field.errors = field.errors if field.name == "due_words" else []
    return page("plans/edit.html", status_of(form), form=form, plan=plan)


def _conflict(plan: Plan, form: PlanEdit) -> Answer:
    form.refresh(plan)
    stored = beside(form, _offered(PlanEdit(plan, formdata=None)))
    last = story(PLAN_KINDS, plan.id)[:1]
    return page("plans/edit.html", 409, form=form, plan=plan, stored=stored, last=last)


def _around(plan: Plan) -> dict[str, Any]:
    tree = sources.branching(g.me, plan.id)
    listed = listing.page_of_ids(list(tree.depths), request.args)
    source = documents.visible_ids(sources.documents_for(g.me), [plan.document_id or 0])
    return {
        "tree": tree,
        "listed": listed,
        "entries": listing.entries(g.me, listed.found, today(), tree.depths),
        "tally": sources.by_plan(g.me, [plan.id], today()).get(plan.id, NONE),
        "figures": measures.by_task(listed.found),
        "progress": plan_progress.by_plan(g.me, [plan.id], today()).get(plan.id),
        "sees_document": bool(source),
        "may_edit": door.may_edit(plan),
        "story": story(PLAN_KINDS, plan.id, labels_of(PlanForm)),
    }

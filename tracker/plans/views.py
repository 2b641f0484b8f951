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
from tracker.policy import Verb
from tracker.tasks import listing, sources
from tracker.web import (
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
    return page("plans/index.html", listed=listed, tallies=tallies, words=words, none_yet=NONE)


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
        "sees_document": bool(source),
        "may_edit": door.may_edit(plan),
        "story": story(PLAN_KINDS, plan.id, labels_of(PlanForm)),
    }

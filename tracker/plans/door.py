"""Finding a plan among those one may see, and checking what may be done to it."""

from flask import abort, g
from sqlalchemy import Select

from tracker.committees import queries as committees
from tracker.committees.queries import Choice
from tracker.committees.standings import Me
from tracker.plans import queries
from tracker.plans.models import Plan
from tracker.policy import Standing, Verb, may
from tracker.web import hold, lang, require, today


def find(seen: Select[Plan], plan_id: int) -> Plan:
    """Return the plan; 404 where there is none to be seen."""
    return queries.find(seen, plan_id) or abort(404)


def find_for(verb: Verb, seen: Select[Plan], plan_id: int) -> Plan:
    """Return the plan if the policy allows the verb; strangers are sent to sign in."""
    require(Verb.SEE_OWN, g.me.standings)
    hold(Plan, plan_id)
    plan = find(seen, plan_id)
    require(verb, standings(g.me, plan))
    return plan


def standings(me: Me, plan: Plan) -> frozenset[Standing]:
    """Return how `me` stands towards a plan: it is owned by whoever answers for its owner's branch."""
    owned = plan.owner_id in me.branch | me.acts
    return me.standings | ({Standing.OWNER} if owned else set())


def may_edit(plan: Plan) -> bool:
    """Tell whether the reader may correct the plan."""
    return may(Verb.EDIT_PLAN, standings(g.me, plan))


def owners() -> list[Choice]:
    """Return the units whose plans the reader may enter: those of the own branch."""
    units = g.me.branch | g.me.acts
    return [choice for choice in committees.choices(today(), lang()) if choice.id in units]

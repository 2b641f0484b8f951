"""The policy: which standing towards a thing allows which verb. One table, no rows, no requests."""

import enum
from collections.abc import Collection, Mapping


class Standing(enum.StrEnum):
    """How a person stands towards the site, or towards one task, plan, document or unit."""

    ANYONE = "anyone"
    PERSON = "person"
    ADMIN = "admin"
    SETTER = "setter"  # holds a seat that may assign: chair, leader or office of some unit
    OFFICE = "office"  # holds an office seat
    MEMBER = "member"  # any working seat of the lead unit
    HEAD = "head"  # chair or office of the lead unit
    CO_MEMBER = "co_member"  # any working seat of a co-ordinating unit
    ASSIGNER = "assigner"  # chair, leader or office of the assigner
    ASSIGNER_MEMBER = "assigner_member"  # any working seat of the assigner or the verdict unit
    VERDICT = "verdict"  # chair, leader or office of the unit that judges the hand-in
    GIVER = "giver"  # acts for the unit in whose name a task is given on to others
    SCRIBE = "scribe"  # office of a branch above: may write down what a unit without accounts says
    DECIDER = "decider"  # chair, leader or office of the unit that decides on the deadline
    ABOVE = (
        "above"  # chair, leader or office of a branch that holds the lead unit, itself not the lead
    )
    BRANCH = "branch"  # chair, leader or office of a branch the task lies in
    OBSERVER = "observer"
    KIN = "kin"  # sees it through its parent: another line of one's task, a child of what one assigned
    ADDRESSEE = "addressee"  # an open ask about the task lies on the person's desk
    HOLDER = "holder"  # holds the seat
    OWNER = "owner"  # chair, leader or office of the plan's owner, the document's issuer, the unit's branch


class Verb(enum.StrEnum):
    """Everything the site can be asked to do; every route names one."""

    OPEN_DOOR = "open_door"  # sign in, language, theme, static, health
    SEE_OWN = "see_own"  # pages that start from what one may see
    KEEP_ACCOUNT = "keep_account"
    KEEP_PEOPLE = "keep_people"
    KEEP_MAIL = "keep_mail"
    KEEP_RULES = "keep_rules"  # the organisation's calendar and limits
    SEE_MACHINE = "see_machine"  # the health of the machine
    SEE_TASK = "see_task"
    NOTE = "note"
    DRAFT_TASK = "draft_task"
    EDIT_TASK = "edit_task"
    UNDO = "undo"
    SEND = "send"
    DISCARD = "discard"
    START = "start"
    HAND_IN = "hand_in"
    FINISH = "finish"
    CLOSE = "close"
    HOLD = "hold"
    REWORK = "rework"
    WITHDRAW = "withdraw"
    ACCEPT = "accept"
    RETURN = "return"
    RESUME = "resume"
    REOPEN = "reopen"
    RESTORE = "restore"
    CANCEL = "cancel"
    REASSIGN = "reassign"
    URGE = "urge"
    ASK_EXPLANATION = "ask_explanation"
    ACKNOWLEDGE = "acknowledge"
    EXPLAIN = "explain"
    ASK_EXTENSION = "ask_extension"
    WITHDRAW_EXTENSION = "withdraw_extension"
    ANSWER_EXTENSION = "answer_extension"
    SET_DEADLINE = "set_deadline"
    START_CLOCK = "start_clock"
    FAN_OUT = "fan_out"  # give a task to many units, each its own
    RAISE_DIFFICULTY = "raise_difficulty"
    ANSWER_DIFFICULTY = "answer_difficulty"  # answer, or pass up
    SPEAK_FOR = "speak_for"  # write down the word of a unit without accounts
    SET_MEASURE = "set_measure"
    ENTER_FIGURE = "enter_figure"
    CONFIRM_FIGURE = "confirm_figure"
    ADD_DOCUMENT = "add_document"
    EDIT_DOCUMENT = "edit_document"
    ADD_PLAN = "add_plan"
    EDIT_PLAN = "edit_plan"
    ADD_UNIT = "add_unit"
    EDIT_UNIT = "edit_unit"
    KEEP_SEATS = "keep_seats"  # hand a seat over
    NAME_SUBSTITUTE = "name_substitute"


_S = Standing
_SEEING = frozenset(
    {
        _S.MEMBER,
        _S.HEAD,
        _S.CO_MEMBER,
        _S.ASSIGNER,
        _S.ASSIGNER_MEMBER,
        _S.VERDICT,
        _S.BRANCH,
        _S.OBSERVER,
        _S.KIN,
        _S.ADDRESSEE,
    }
)

TABLE: Mapping[Verb, frozenset[Standing]] = {
    Verb.OPEN_DOOR: frozenset({_S.ANYONE}),
    Verb.SEE_OWN: frozenset({_S.PERSON}),
    Verb.KEEP_ACCOUNT: frozenset({_S.PERSON}),
    Verb.KEEP_PEOPLE: frozenset({_S.ADMIN}),
    Verb.KEEP_MAIL: frozenset({_S.ADMIN}),
    Verb.KEEP_RULES: frozenset({_S.ADMIN}),
    Verb.SEE_MACHINE: frozenset({_S.ADMIN}),
    Verb.SEE_TASK: _SEEING,
    Verb.NOTE: frozenset({_S.MEMBER, _S.HEAD}),
    Verb.DRAFT_TASK: frozenset({_S.SETTER}),
    Verb.EDIT_TASK: frozenset({_S.ASSIGNER}),
    Verb.UNDO: frozenset({_S.MEMBER, _S.HEAD, _S.ASSIGNER, _S.VERDICT}),
    Verb.SEND: frozenset({_S.ASSIGNER}),
    Verb.DISCARD: frozenset({_S.ASSIGNER}),
    Verb.START: frozenset({_S.MEMBER, _S.HEAD}),
    Verb.HAND_IN: frozenset({_S.HEAD}),
    Verb.FINISH: frozenset({_S.HEAD}),
    Verb.CLOSE: frozenset({_S.ASSIGNER}),
    Verb.HOLD: frozenset({_S.ASSIGNER}),
    Verb.REWORK: frozenset({_S.MEMBER, _S.HEAD}),
    Verb.WITHDRAW: frozenset({_S.HEAD}),
    Verb.ACCEPT: frozenset({_S.VERDICT}),
    Verb.RETURN: frozenset({_S.VERDICT}),
    Verb.RESUME: frozenset({_S.ASSIGNER}),
    Verb.REOPEN: frozenset({_S.ASSIGNER}),
    Verb.RESTORE: frozenset({_S.ASSIGNER}),
    Verb.CANCEL: frozenset({_S.ASSIGNER}),
    Verb.REASSIGN: frozenset({_S.ASSIGNER}),
    Verb.URGE: frozenset({_S.ASSIGNER, _S.VERDICT, _S.ABOVE}),
    Verb.ASK_EXPLANATION: frozenset({_S.ASSIGNER, _S.VERDICT, _S.ABOVE}),
    Verb.ACKNOWLEDGE: frozenset({_S.MEMBER, _S.HEAD}),
    Verb.EXPLAIN: frozenset({_S.HEAD}),
    Verb.ASK_EXTENSION: frozenset({_S.HEAD}),
    Verb.WITHDRAW_EXTENSION: frozenset({_S.HEAD}),
    Verb.ANSWER_EXTENSION: frozenset({_S.DECIDER}),
    Verb.SET_DEADLINE: frozenset({_S.DECIDER}),
    Verb.START_CLOCK: frozenset({_S.DECIDER}),
    Verb.FAN_OUT: frozenset({_S.GIVER}),
    Verb.RAISE_DIFFICULTY: frozenset({_S.MEMBER, _S.HEAD}),
    Verb.ANSWER_DIFFICULTY: frozenset({_S.ADDRESSEE, _S.ASSIGNER, _S.VERDICT, _S.BRANCH}),
    Verb.SPEAK_FOR: frozenset({_S.SCRIBE}),
    Verb.SET_MEASURE: frozenset({_S.ASSIGNER}),
    Verb.ENTER_FIGURE: frozenset({_S.MEMBER, _S.HEAD, _S.ASSIGNER, _S.SCRIBE}),
    Verb.CONFIRM_FIGURE: frozenset({_S.HEAD}),
    Verb.ADD_DOCUMENT: frozenset({_S.SETTER}),
    Verb.EDIT_DOCUMENT: frozenset({_S.OWNER}),
    Verb.ADD_PLAN: frozenset({_S.SETTER}),
    Verb.EDIT_PLAN: frozenset({_S.OWNER}),
    Verb.ADD_UNIT: frozenset({_S.ADMIN, _S.OFFICE}),
    Verb.EDIT_UNIT: frozenset({_S.ADMIN, _S.OWNER}),
    Verb.KEEP_SEATS: frozenset({_S.ADMIN, _S.OWNER}),
    Verb.NAME_SUBSTITUTE: frozenset({_S.ADMIN, _S.OWNER, _S.HOLDER}),
}


def may(verb: Verb, standings: Collection[Standing]) -> bool:
    """Tell whether any of the standings allows the verb."""
    return not TABLE[verb].isdisjoint(standings)

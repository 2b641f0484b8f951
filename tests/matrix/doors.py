"""Every route and method of the site with the things it is asked of: what the matrix walks through.

A path or field speaks of rows by the realm's names: `/tasks/{own_assigned}`, `/people/{person_an}`.
"""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from tests.matrix.grounds import KINDS, STATES, name_of
from tracker.policy import Verb
from tracker.rules.queries import Stored
from tracker.rules.values import Rules
from tracker.tasks.lifecycle import MOVES, State
from tracker.tasks.words import slug


class Knock(NamedTuple):
    """One request: where, and with which fields."""

    path: str
    data: dict[str, Any] = {}  # noqa: RUF012 - a tuple's own default, never written to


class Door(NamedTuple):
    """One route and method, or one move of a task: `rule` as in the URL map, the things it is asked of."""

    name: str
    rule: str
    method: str
    things: Mapping[str, Knock]
    verb: Verb | None = None  # where the answer hangs on the standing towards a task


def source_of(verb: Verb) -> State:
    """Return the first state from which a move starts."""
    return next(state for state in STATES if state in MOVES[verb].sources)


def _row(name: str) -> str:
    """Return how a path speaks of a row."""
    return f"{{{name}}}"


def _tasks(path: str, state: State, data: dict[str, Any] | None = None) -> dict[str, Knock]:
    return {k: Knock(path.format(id=_row(name_of(k, state))), data or {}) for k in KINDS}


def _some(path: str, data: dict[str, Any] | None = None) -> dict[str, Knock]:
    """Return the kinds that stand for all where a right does not hang on more: sent ones and two drafts."""
    sent, drafts = (_tasks(path, state, data) for state in (State.ASSIGNED, State.DRAFT))
    return {kind: sent[kind] for kind in SOME} | {
        f"{k}, draft": drafts[k] for k in ("own", "foreign")
    }


def _sent_and_draft(path: str) -> dict[str, Knock]:
    drafts = _tasks(path, State.DRAFT)
    kept = ("own", "shared", "line", "child", "self", "foreign")
    return _tasks(path, State.ASSIGNED) | {f"{kind}, draft": drafts[kind] for kind in kept}


def _of(kind: str, path: str, names: str, data: dict[str, Any] | None = None) -> Any:
    return {n: Knock(path.format(id=_row(f"{kind}_{n}")), data or {}) for n in names.split()}


SOME = ("own", "shared", "line", "child", "below", "self", "foreign")
TASK = "/tasks/<int:task_id>"
MOVE_RULE = "/tasks/<int:task_id>/<any(...):move>"
NEW_TASK = {
    "version": "0",
    "title_vi": "Việc mới",
    "assigner_id": "{unit_province}",
    "lead_id": "{unit_commission}",
}
EDITED = {"version": "{version}", "title_vi": "Việc đã sửa", "note": "sửa"}
DOCUMENT = {"kind_vi": "Kế hoạch", "subject_vi": "Về việc mới"}
PLAN = {"title_vi": "Kế hoạch mới", "owner_id": "{unit_commission}"}
UNIT = {
    "name_vi": "Phòng Mới",
    "kind": "advisory",
    "level": "province",
    "parent_id": "{unit_commission}",
}
PERSON = {"name": "Lại Thị Yến", "email": "yen@test.local", "unit": "{unit_town}", "role": "member"}
NAMED = {"name": "Lê Thị Ân", "email": "an.moi@test.local"}
PASSWORDS = {"password": "moi-nguoi-mot-viec-2018", "again": "moi-nguoi-mot-viec-2018"}
DOCUMENTS = "seen drafted unused cited elsewhere"
PLANS = "seen drafted unused shared elsewhere"
UNITS = "province commission division district elsewhere"


def _page(rule: str, *queries: str) -> Iterator[Door]:
    things = {query or rule: Knock(rule + query) for query in ("", *queries)}
    yield Door(f"GET {rule}", rule, "GET", things)


def _site() -> Iterator[Door]:
    yield from _page("/")
    hidden = ("?plan={plan_elsewhere}", "?unit={unit_elsewhere}", "?due=overdue", "?column=draft")
    yield from _page("/board", "?plan={plan_seen}", *hidden)
    yield Door("POST /board", "/board", "POST", {"/board": Knock("/board")})
    yield from _page("/board/changes")
    for rule in ("/committees", "/documents", "/plans", "/deadlines/read", "/people", "/people/me"):
        yield from _page(rule)
    yield from _page("/sign-in", "?next=/plans")
    yield from _page("/setup")
    yield from _page("/static-packages/htmx-2.min.js")
    for rule in ("/healthz", "/readyz", "/metrics", "/privacy", "/accessibility"):
        yield from _page(rule)
    static = {"app.js": Knock("/static/app.js"), "nothing": Knock("/static/nothing.js")}
    yield Door("GET /static/<file>", "/static/<path:filename>", "GET", static)


def _status() -> Iterator[Door]:
    plans = tuple(f"?plan={{plan_{name}}}" for name in PLANS.split())
    documents = tuple(f"?document={{document_{name}}}" for name in DOCUMENTS.split())
    yield from _page("/status", *plans, *documents, "?unit={unit_elsewhere}", "?unit=999999")
    hidden = ("?plan={plan_elsewhere}", "?document={document_elsewhere}")
    yield from _page("/status/tasks", "?cell=overdue", "?cell=nothing", "?on=2030-01-01", *hidden)
    looks = {
        "all": Knock("/status/looks"),
        "plan_elsewhere": Knock("/status/looks", {"plan": "{plan_elsewhere}"}),
    }
    yield Door("POST /status/looks", "/status/looks", "POST", looks)


def _calendars() -> Iterator[Door]:
    plans = tuple(f"?plan={{plan_{name}}}" for name in PLANS.split())
    more = ("?view=year", "?view=nothing", "?on=32-1-2018", "?unit={unit_elsewhere}", "?mine=1")
    yield from _page("/calendar", *plans, *more)
    yield from _page("/calendar/tasks", "?view=year", "?plan={plan_elsewhere}", "?plan=999999")
    rule = "/plans/<int:plan_id>/timeline"
    yield Door(f"GET {rule}", rule, "GET", _of("plan", "/plans/{id}/timeline", PLANS))


def _new(rule: str, data: dict[str, Any]) -> Iterator[Door]:
    yield from _page(rule)
    things = {"right": Knock(rule, data), "empty": Knock(rule)}
    yield Door(f"POST {rule}", rule, "POST", things)


def _record(kind: str, rule: str, names: str, data: dict[str, Any]) -> Iterator[Door]:
    path = rule.split("<", maxsplit=1)[0] + "{id}"
    yield Door(f"GET {rule}", rule, "GET", _of(kind, path, names))
    yield Door(f"GET {rule}/edit", f"{rule}/edit", "GET", _of(kind, f"{path}/edit", names))
    right = _of(kind, f"{path}/edit", names, {"version": "{version}"} | data)
    stale = _of(kind, f"{path}/edit", names.split(maxsplit=1)[0], {"version": "99"} | data)
    things = right | {f"{name}, stale": knock for name, knock in stale.items()}
    yield Door(f"POST {rule}/edit", f"{rule}/edit", "POST", things)


def _tasks_alone() -> Iterator[Door]:
    yield Door(f"GET {TASK}", TASK, "GET", _sent_and_draft("/tasks/{id}"), Verb.SEE_TASK)
    asked = _asked_of("/tasks/{id}/edit", State.ASSIGNED)
    yield Door(f"GET {TASK}/edit", f"{TASK}/edit", "GET", asked, Verb.EDIT_TASK)
    for name, verb, data in (
        ("edit", Verb.EDIT_TASK, EDITED),
        ("notes", Verb.NOTE, {"version": "{version}", "words": "Đã làm"}),
        ("undo", Verb.UNDO, {"version": "{version}"}),
    ):
        things = _some("/tasks/{id}/" + name, data)
        for kind, unit in (("own", "province"), ("foreign", "elsewhere")) if name == "edit" else ():
            draft = things[f"{kind}, draft"]
            units = {"assigner_id": _row(f"unit_{unit}"), "lead_id": "{unit_elsewhere}"}
            things[f"{kind}, draft"] = Knock(draft.path, draft.data | units)
        yield Door(f"POST {TASK}/{name}", f"{TASK}/{name}", "POST", things, verb)


def _asked_of(path: str, state: State) -> dict[str, Knock]:
    """Return what a form is asked of before it is sent: the same view, so two kinds are enough."""
    things = _tasks(path, state)
    return {kind: things[kind] for kind in ("own", "line")}


def _moves() -> Iterator[Door]:
    for verb in MOVES:
        path = "/tasks/{id}/" + slug(verb)
        data = {"version": "{version}", "words": "Có lý do", "day": "9-4-2018"}
        things = _tasks(path, source_of(verb), data)
        asked = _asked_of(path, source_of(verb))
        yield Door(f"GET {TASK}/{slug(verb)}", MOVE_RULE, "GET", asked, verb)
        moved = {kind: things[kind] for kind in SOME}
        yield Door(f"POST {TASK}/{slug(verb)}", MOVE_RULE, "POST", moved, verb)


LETTER = {"version": "{version}", "words": "Đôn đốc", "answer_by": "20-4-2018"}
LEAD = {"version": "{version}", "words": "Có lý do", "lead_id": "{unit_team}"}


def _letters() -> Iterator[Door]:
    for name, verb, state, data in (
        ("urging", Verb.URGE, State.IN_PROGRESS, LETTER | {"rung": "1"}),
        ("explanation-request", Verb.ASK_EXPLANATION, State.IN_PROGRESS, LETTER),
        ("lead", Verb.REASSIGN, State.IN_PROGRESS, LEAD),
        ("acknowledgement", Verb.ACKNOWLEDGE, State.RETURNED, {}),
        ("explanation", Verb.EXPLAIN, State.RETURNED, {"words": "Vì thiếu số liệu"}),
    ):
        path, rule = "/tasks/{id}/" + name, f"{TASK}/{name}"
        yield Door(f"GET {rule}", rule, "GET", _asked_of(path, state), verb)
        things = _tasks(path, state, data)
        asked = {kind: things[kind] for kind in SOME}
        yield Door(f"POST {rule}", rule, "POST", asked, verb)


WISH = {
    "version": "{version}",
    "due_words": "15-5-2018",
    "words": "Chờ số liệu",
    "result": "Xong hai xã",
}
REFUSAL = {"version": "{version}", "decision": "refuse", "words": "Giữ thời hạn"}


def _extensions() -> Iterator[Door]:
    for name, verb, state, data in (
        ("extension-request", Verb.ASK_EXTENSION, State.IN_PROGRESS, WISH),
        ("extension", Verb.ANSWER_EXTENSION, State.RETURNED, REFUSAL),
        ("extension-withdrawal", Verb.WITHDRAW_EXTENSION, State.RETURNED, {}),
    ):
        path, rule = "/tasks/{id}/" + name, f"{TASK}/{name}"
        if verb is not Verb.WITHDRAW_EXTENSION:
            yield Door(f"GET {rule}", rule, "GET", _asked_of(path, state), verb)
        things = _tasks(path, state, data)
        asked = {kind: things[kind] for kind in SOME}
        yield Door(f"POST {rule}", rule, "POST", asked, verb)


DATED = {
    "version": "{version}",
    "due_words": "15-5-2018",
    "words": "Theo kết luận",
    "below": "follow",
}
HAPPENED = {
    "version": "{version}",
    "due_words": "trong 15 ngày",
    "happened_on": "9-4-2018",
    "words": "Hướng dẫn đã ban hành",
    "below": "follow",
}


def _deadlines() -> Iterator[Door]:
    for name, verb, data in (
        ("deadline", Verb.SET_DEADLINE, DATED),
        ("occasion", Verb.START_CLOCK, HAPPENED),
    ):
        path, rule = "/tasks/{id}/" + name, f"{TASK}/{name}"
        yield Door(f"GET {rule}", rule, "GET", _asked_of(path, State.IN_PROGRESS), verb)
        things = _tasks(path, State.IN_PROGRESS, data)
        asked = {kind: things[kind] for kind in SOME}
        yield Door(f"POST {rule}", rule, "POST", asked, verb)
    yield from _page("/no-deadline")


MEASURE = {"name_vi": "xã đã khảo sát", "unit_vi": "xã", "direction": "up", "target": "16"}
DROPPED = {"version": "1", "words": "Nhầm"}
FIGURE = {"value": "1.395", "as_of_on": "9-4-2018"}


def _measures() -> Iterator[Door]:
    new = f"{TASK}/measures/new"
    asked = _asked_of("/tasks/{id}/measures/new", State.ASSIGNED)
    yield Door(f"GET {new}", new, "GET", asked, Verb.SET_MEASURE)
    things = _some("/tasks/{id}/measures/new", MEASURE)
    yield Door(f"POST {new}", new, "POST", things, Verb.SET_MEASURE)
    for path, rule, data in (
        ("/measures/{measure}/edit", "/measures/<int:measure_id>/edit", {"version": "1"} | MEASURE),
        ("/measures/{measure}/removal", "/measures/<int:measure_id>/removal", DROPPED),
        ("/measures/{measure}/readings", "/measures/<int:measure_id>/readings", FIGURE),
        ("/readings/{reading}/correction", "/readings/<int:reading_id>/correction", FIGURE),
    ):
        things = {kind: Knock(_of_figure(path, kind), data) for kind in SOME}
        yield Door(f"GET {rule}", rule, "GET", {kind: things[kind] for kind in ("own", "line")})
        yield Door(f"POST {rule}", rule, "POST", things)


def _of_figure(path: str, kind: str) -> str:
    """Return the address of the figure that every task of the realm has."""
    name = name_of(kind, State.ASSIGNED)
    return path.format(measure=_row(f"measure_{name}"), reading=_row(f"reading_{name}"))


TICKED = {"was-{unit_town}": "", "tick-{unit_town}": "1", "as_of_on": "9-4-2018"}


def _figures() -> Iterator[Door]:
    hidden = ("?plan={plan_elsewhere}", "?unit={unit_elsewhere}", "?stand=exceeded", "?parts=1")
    yield from _page("/measures", "?plan={plan_seen}", "?stand=nothing", *hidden)
    rule = "/measures/<int:measure_id>"
    shown = {k: Knock(f"/measures/{_row('measure_' + name_of(k, State.ASSIGNED))}") for k in KINDS}
    drafts = {k: Knock(f"/measures/{_row('measure_' + name_of(k, State.DRAFT))}") for k in SOME}
    things = shown | {f"{kind}, draft": knock for kind, knock in drafts.items()}
    yield Door(f"GET {rule}", rule, "GET", things | {"nothing": Knock("/measures/999999")})
    lists = {k: Knock(f"/measures/{_row(f'list_{k}')}/list", TICKED) for k in SOME}
    rule = "/measures/<int:measure_id>/list"
    yield Door(f"GET {rule}", rule, "GET", {k: lists[k] for k in ("own", "line")})
    yield Door(f"POST {rule}", rule, "POST", lists)
    rule = "/measures/<int:measure_id>/handover"
    parts = {"was-{child_assigned}": "{handed_child}", "value-{child_assigned}": "4"}
    wholes = {
        k: Knock(f"/measures/{{transfer_{k}}}/handover", parts) for k in ("parent", "foreign")
    }
    yield Door(f"GET {rule}", rule, "GET", wholes)
    yield Door(f"POST {rule}", rule, "POST", wholes)
    rule = "/readings/<int:reading_id>/confirmation"
    names = (
        "handed_child",
        "handed_town_child",
        "reading_own_assigned",
        "reading_foreign_assigned",
    )
    handed = {name: Knock(f"/readings/{_row(name)}/confirmation") for name in names}
    yield Door(f"POST {rule}", rule, "POST", handed)


CHOSEN = {"step": "make", "unit": "{unit_team}", "due_words": "20-4-2018"}
QUICK = {"lines": "Việc mới @Phòng Nghiệp vụ", "step": "draft", "assigner_id": "{unit_province}"}
CLAUSES = {"step": "save", "rows": "1", "keep-0": "1", "words-0": "Rà soát", "needs-0": "1"}
CLAUSE = {"version": "1", "words": "Rà soát", "depth": "0"}


def _cascade() -> Iterator[Door]:
    path, rule = "/tasks/{id}/fan-out", f"{TASK}/fan-out"
    asked = _asked_of(path, State.IN_PROGRESS)
    yield Door(f"GET {rule}", rule, "GET", asked, Verb.FAN_OUT)
    yield Door(f"POST {rule}", rule, "POST", _some(path, CHOSEN), Verb.FAN_OUT)
    document = "/documents/<int:document_id>"
    for name, data in (("cascade", None), ("clauses", CLAUSES)):
        rule, things = f"{document}/{name}", _of("document", f"/documents/{{id}}/{name}", DOCUMENTS)
        yield Door(f"GET {rule}", rule, "GET", things)
        if data:
            sent = _of("document", f"/documents/{{id}}/{name}", DOCUMENTS, data)
            yield Door(f"POST {rule}", rule, "POST", sent)
    for name, methods in (("edit", "GET POST"), ("removal", "POST")):
        rule = f"/clauses/<int:clause_id>/{name}"
        things = _of("clause", f"/clauses/{{id}}/{name}", DOCUMENTS, CLAUSE)
        for method in methods.split():
            yield Door(f"{method} {rule}", rule, method, things)
    rule = f"{document}/grounds/<int:parent_id>"
    hangs = {
        "not followed": Knock("/documents/{document_seen}/grounds/{document_unused}"),
        "drafted": Knock("/documents/{document_drafted}/grounds/{document_seen}"),
        "elsewhere": Knock("/documents/{document_elsewhere}/grounds/{document_seen}"),
    }
    at = {"clause_id": "{clause_seen}"}
    yield Door(f"GET {rule}", rule, "GET", hangs)
    sent = {name: Knock(knock.path, at) for name, knock in hangs.items()}
    yield Door(f"POST {rule}", rule, "POST", sent)


def _progress() -> Iterator[Door]:
    plan = "/plans/<int:plan_id>"
    for name, methods in (("progress", "GET"), ("weights", "GET POST")):
        rule = f"{plan}/{name}"
        weight = {"weight-{own_assigned}": "3", "was-{own_assigned}": ""}
        things = _of("plan", f"/plans/{{id}}/{name}", PLANS, weight)
        for method in methods.split():
            yield Door(f"{method} {rule}", rule, method, things)


def _finding() -> Iterator[Door]:
    yield from _page("/search", "?q=nghi+quyet", "?q={own_draft}")
    yield from _page("/tasks/quick")
    things = {
        "right": Knock("/tasks/quick", QUICK),
        "empty": Knock("/tasks/quick"),
        "another's name": Knock("/tasks/quick", QUICK | {"assigner_id": "{unit_elsewhere}"}),
    }
    yield Door("POST /tasks/quick", "/tasks/quick", "POST", things)


CALLED = {"version": "{version}", "unit_id": "{unit_team}", "words": "Cung cấp số liệu"}
WORD = {"version": "{version}", "said_by": "Bà Vy", "way": "telephone", "words": "Đã làm xong"}


def _parts() -> Iterator[Door]:
    for name, verb, data in (
        ("co-ordinators", Verb.FAN_OUT, CALLED),
        ("word-on-behalf", Verb.SPEAK_FOR, WORD),
    ):
        path, rule = "/tasks/{id}/" + name, f"{TASK}/{name}"
        yield Door(f"GET {rule}", rule, "GET", _asked_of(path, State.IN_PROGRESS), verb)
        things = _tasks(path, State.IN_PROGRESS, data)
        asked = {kind: things[kind] for kind in SOME}
        yield Door(f"POST {rule}", rule, "POST", asked, verb)


def _overdue() -> Iterator[Door]:
    hidden = ("?by=plan&plan={plan_elsewhere}", "?unit={unit_elsewhere}", "?of=lines", "?all=1")
    yield from _page("/overdue", *hidden)
    yield Door("POST /overdue", "/overdue", "POST", {"/overdue": Knock("/overdue")})
    rows = {
        kind: [f"{{{name_of(kind, State.IN_PROGRESS)}}}"] for kind in ("own", "line", "foreign")
    }
    rows["own and foreign"] = rows["own"] + rows["foreign"]
    letter = {"confirmed": "1", "answer_by": "20-4-2018"}
    lead = {"confirmed": "1", "words": "Có lý do", "lead_id": "{unit_team}"}
    dated = {"confirmed": "1", "words": "Có lý do", "due_words": "15-5-2018"}
    for rule, data in (
        ("/overdue/urgings", letter),
        ("/overdue/explanation-requests", letter),
        ("/overdue/leads", lead),
        ("/overdue/deadlines", dated),
        ("/no-deadline/together", dated),
    ):
        yield Door(f"GET {rule}", rule, "GET", {"own": Knock(f"{rule}?row={rows['own'][0]}")})
        things = {kind: Knock(rule, data | {"row": ticks}) for kind, ticks in rows.items()}
        yield Door(f"POST {rule}", rule, "POST", things)


def _receipts() -> Iterator[Door]:
    rule, asks = "/acknowledgements", ("assignment_own", "assignment_foreign")
    rows = {"own": [asks[0]], "foreign": [asks[1]], "own and foreign": [*asks], "nothing": []}
    things = {name: Knock(rule, {"ask": [_row(a) for a in some]}) for name, some in rows.items()}
    yield Door(f"POST {rule}", rule, "POST", things)


def _people() -> Iterator[Door]:
    person = "/people/<int:person_id>"
    somebody, nobody = "/people/{person_an}", "/people/99999"
    yield Door(f"GET {person}", person, "GET", {"an": Knock(somebody), "nobody": Knock(nobody)})
    edit = f"{person}/edit"
    asked = {"an": Knock(f"{somebody}/edit"), "nobody": Knock(f"{nobody}/edit")}
    yield Door(f"GET {edit}", edit, "GET", asked)
    named = {"version": "{version}"} | NAMED
    sent = {
        "an": Knock(f"{somebody}/edit", named),
        "an, stale": Knock(f"{somebody}/edit", named | {"version": "99"}),
        "nobody": Knock(f"{nobody}/edit", named),
    }
    yield Door(f"POST {edit}", edit, "POST", sent)
    seat = {"unit": "{unit_town}", "role": "member"}
    for verb, data in (
        ("disabling", {}),
        ("enabling", {}),
        ("invitation", {}),
        ("sign-ins/end", {}),
        ("seats", seat),
    ):
        things = {
            "an": Knock(f"{somebody}/{verb}", data),
            "nobody": Knock(f"{nobody}/{verb}", data),
        }
        yield Door(f"POST {person}/{verb}", f"{person}/{verb}", "POST", things)
    ends = {
        "an's": Knock(somebody + "/seats/{tenure_an}/end"),
        "another's": Knock(somebody + "/seats/{tenure_ha}/end"),
    }
    rule = f"{person}/seats/<int:tenure_id>/end"
    yield Door(f"POST {rule}", rule, "POST", ends)


def _account() -> Iterator[Door]:
    me = "/people/me"
    preferences = {"right": {"lang": "vi", "theme": "dark"}, "wrong": {"lang": "xx"}}
    things = {k: Knock(f"{me}/preferences", data) for k, data in preferences.items()}
    yield Door(f"POST {me}/preferences", f"{me}/preferences", "POST", things)
    sign_ins = {
        "own": Knock(me + "/sign-ins/{sign_in_own}/end"),
        "another's": Knock(me + "/sign-ins/{sign_in_ha}/end"),
    }
    rule = f"{me}/sign-ins/<int:sign_in_id>/end"
    yield Door(f"POST {rule}", rule, "POST", sign_ins)
    rule = f"{me}/sign-ins/end"
    yield Door(f"POST {rule}", rule, "POST", {"all others": Knock(rule)})
    rule = f"{me}/password"
    wrong = {"current": "sai-mat-khau-roi", **PASSWORDS}
    yield Door(f"POST {rule}", rule, "POST", {"wrong": Knock(rule, wrong), "empty": Knock(rule)})


def _open() -> Iterator[Door]:
    wrong = Knock("/sign-in", {"email": "an@test.local", "password": "sai-mat-khau-roi"})
    yield Door("POST /sign-in", "/sign-in", "POST", {"wrong": wrong, "empty": Knock("/sign-in")})
    yield Door("POST /sign-out", "/sign-out", "POST", {"/sign-out": Knock("/sign-out")})
    yield Door("POST /setup", "/setup", "POST", {"/setup": Knock("/setup", PASSWORDS)})
    yield Door("POST /theme", "/theme", "POST", {"/theme": Knock("/theme", {"theme": "dark"})})
    rule = "/invitations/<token>"
    unknown = {"unknown": Knock("/invitations/khong-co")}
    yield Door(f"GET {rule}", rule, "GET", unknown)
    yield Door(f"POST {rule}", rule, "POST", {"unknown": Knock("/invitations/khong-co", PASSWORDS)})


def _outbox() -> Iterator[Door]:
    rule = "/admin/mail"
    yield from _page(rule, "?place=dead", "?place=nowhere", "?page=7")
    things = {"to send": {"waiting": "send"}, "to leave out": {"waiting": "leave"}, "empty": {}}
    release = {name: Knock(f"{rule}/release", data) for name, data in things.items()}
    yield Door(f"POST {rule}/hold", f"{rule}/hold", "POST", {"all": Knock(f"{rule}/hold")})
    yield Door(f"POST {rule}/release", f"{rule}/release", "POST", release)
    again = {
        "dead": Knock(rule + "/{mail_dead}/retry"),
        "due": Knock(rule + "/{mail_due}/retry"),
        "nothing": Knock(f"{rule}/99999/retry"),
    }
    one = f"{rule}/<int:mail_id>/retry"
    yield Door(f"POST {one}", one, "POST", again)
    yield Door(f"POST {rule}/retries", f"{rule}/retries", "POST", {"all": Knock(f"{rule}/retries")})


UNTOUCHED = str(Stored(Rules(), ()).version)  # nobody has changed a rule in the realm
DAY_OFF = {"version": UNTOUCHED, "kind": "off", "first": "16-4-2018", "confirmed": "1"}
LIMITS = {"version": UNTOUCHED, "soon": "5", "before": "exclusive", "late_asks": "allowed"}


def _rules() -> Iterator[Door]:
    rule = "/admin/calendar"
    yield from _page(rule, "?year=2019", "?year=99999")
    yield from _page("/calendar/rules", "?year=2026")
    gone = {"version": UNTOUCHED, "first": "2018-04-16", "last": "2018-04-16", "confirmed": "1"}
    for name, right, wrong in (
        ("days", DAY_OFF, {"first": "9-4-2018"}),
        ("limits", LIMITS | {"confirmed": "1"}, {"soon": "99"}),
        ("removals", gone, {"last": "2018-04-09"}),
    ):
        things = {
            "right": right,
            "a look": right | {"confirmed": ""},
            "stale": right | {"version": "99"},
            "wrong": right | wrong,
        }
        posts = {key: Knock(f"{rule}/{name}", data) for key, data in things.items()}
        yield Door(f"POST {rule}/{name}", f"{rule}/{name}", "POST", posts)


def _digest() -> Iterator[Door]:
    yield from _page("/digest")
    rule = "/digest/preferences"
    right: dict[str, Any] = {"version": "0", "wanted": "y", "sections": ["late"]}
    right |= {"quiet_days": ["5"]}
    things: dict[str, dict[str, Any]] = {
        "right": right,
        "stale": right | {"version": "99"},
        "wrong": {"sections": "gossip"},
    }
    posts = {name: Knock(rule, data) for name, data in things.items()}
    yield Door(f"POST {rule}", rule, "POST", posts)
    rule = "/digest/off/<token>"
    unknown = {"unknown": Knock("/digest/off/1.all.khong-co")}  # tests/digests has the right ones
    yield Door(f"GET {rule}", rule, "GET", unknown)
    yield Door(f"POST {rule}", rule, "POST", unknown)


def _feeds() -> Iterator[Door]:
    rule = "/calendar/<token>.ics"
    tokens = ("lich-cua-an", "lich-cua-quang", "lich-da-ngung", "khong-co")
    addresses = {token: Knock(f"/calendar/{token}.ics") for token in tokens}
    yield Door(f"GET {rule}", rule, "GET", addresses)
    rule = "/people/me/calendar"
    wish = {"feed-lang": "vi", "feed-covers": "own"}
    wishes = {
        "own": wish,
        "branch": wish | {"feed-covers": "branch"},
        "wrong": wish | {"feed-covers": "everything"},
    }
    posts = {name: Knock(rule, data) for name, data in wishes.items()}
    yield Door(f"POST {rule}", rule, "POST", posts)
    yield Door(f"POST {rule}/end", f"{rule}/end", "POST", {"own": Knock(f"{rule}/end")})


RAISED = {"words": "Thiếu kinh phí, đề nghị bổ sung."}
ANSWERED = {"decision": "answer", "words": "Đã bố trí kinh phí."}


def _difficulties() -> Iterator[Door]:
    yield from _page("/difficulties")
    rule = f"{TASK}/difficulty"
    asked = _asked_of("/tasks/{id}/difficulty", State.IN_PROGRESS)
    yield Door(f"GET {rule}", rule, "GET", asked, Verb.RAISE_DIFFICULTY)
    things = _some("/tasks/{id}/difficulty", RAISED)
    yield Door(f"POST {rule}", rule, "POST", things, Verb.RAISE_DIFFICULTY)
    things = _some("/tasks/{id}/difficulty/answer", ANSWERED)
    for method in ("GET", "POST"):
        name = f"{method} {rule}/answer"
        yield Door(name, f"{rule}/answer", method, things, Verb.ANSWER_DIFFICULTY)
    things = _some("/tasks/{id}/difficulty/withdrawal")
    yield Door(
        f"POST {rule}/withdrawal", f"{rule}/withdrawal", "POST", things, Verb.RAISE_DIFFICULTY
    )


def _seats() -> Iterator[Door]:
    seat = "/seats/<int:seat_id>"
    keys = ("an", "lan", "mai", "dung", "phuc", "ha")
    span = {"person": "nam@test.local", "from_on": "20-4-2018", "to_on": "30-4-2018"}
    for name in ("handover", "substitute"):
        things = {
            f"{key}'s": Knock(f"/seats/{{seat_{key}}}/{name}", span | {"held": f"{{tenure_{key}}}"})
            for key in keys
        }
        for method in ("GET", "POST"):
            yield Door(f"{method} {seat}/{name}", f"{seat}/{name}", method, things)
    rule = f"{seat}/handover/calling-off"
    things = {f"{key}'s": Knock(f"/seats/{{seat_{key}}}/handover/calling-off") for key in keys}
    yield Door(f"POST {rule}", rule, "POST", things)
    rule = f"{seat}/substitutes/<int:tenure_id>/end"
    things = {
        f"{key}'s": Knock(f"/seats/{{seat_{key}}}/substitutes/{{tenure_{key}}}/end") for key in keys
    }
    yield Door(f"POST {rule}", rule, "POST", things)


DOORS: tuple[Door, ...] = (
    *_site(),
    *_status(),
    *_calendars(),
    *_digest(),
    *_feeds(),
    *_open(),
    *_account(),
    *_page("/people/new"),
    Door("POST /people/new", "/people/new", "POST", {"right": Knock("/people/new", PERSON)}),
    *_people(),
    *_new("/committees/new", UNIT),
    *_record("unit", "/committees/<int:unit_id>", UNITS, UNIT),
    *_seats(),
    *_difficulties(),
    *_new("/documents/new", DOCUMENT),
    *_record("document", "/documents/<int:document_id>", DOCUMENTS, DOCUMENT),
    *_new("/plans/new", PLAN),
    *_record("plan", "/plans/<int:plan_id>", PLANS, PLAN),
    *_new("/tasks/new", NEW_TASK),
    *_tasks_alone(),
    *_moves(),
    *_letters(),
    *_extensions(),
    *_deadlines(),
    *_parts(),
    *_cascade(),
    *_progress(),
    *_finding(),
    *_measures(),
    *_figures(),
    *_overdue(),
    *_receipts(),
    *_outbox(),
    *_rules(),
)

"""The real file, walked: each entry stands on the page that shows it, and so does what is unknown."""

import copy
import re
from collections.abc import Callable, Iterator, MutableMapping
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

import pytest
import yaml
from sqlalchemy import select

from tests.databases import running, settings_at, sqlite_url
from tests.demo.facts import LABELS, UNKNOWN, Facts, Link, Unknown, number, told, words_of
from tests.pages import client_of, parse
from tracker.clock import machine_now
from tracker.committees.models import Unit
from tracker.db import begin_writing, db
from tracker.demo.load import STARTS_AT, load
from tracker.demo.source import PATH, read
from tracker.documents.models import Document
from tracker.measures.models import Measure
from tracker.plans.models import Plan
from tracker.tasks.models import Task

FILE = read(PATH)
ROOMS: dict[str, Any] = {
    "committees": Unit,
    "documents": Document,
    "plans": Plan,
    "tasks": Task,
    "measures": Measure,
}
VI_COLUMNS = {"target": "Chỉ tiêu", "achieved": "Số đã đạt"}
EN_COLUMNS = {"target": "Target", "achieved": "Achieved"}
LISTS = {
    "organisations": "committees",
    "documents": "documents",
    "plans": "plans",
    "tasks": "tasks",
}


class Page:
    """One page as a reader finds it: its words, its links, its facts by name."""

    def __init__(self, document: Element) -> None:
        main = document.find(".//main")
        assert main is not None
        self.main = main

    @cached_property
    def text(self) -> str:
        """All the words of the page, in one kind of space."""
        return words_of(self.main)

    @cached_property
    def facts(self) -> list[tuple[str, str]]:
        """What the page states by name."""
        told: list[tuple[str, str]] = []
        for element in self.main.iter():
            if element.tag == "dt":
                told.append((words_of(element), ""))
            elif element.tag == "dd" and told:
                told[-1] = (told[-1][0], f"{told[-1][1]} {words_of(element)}")
        return told

    def says_unknown(self, field: str, lang: str) -> bool:
        """Tell whether the page says that it does not know the field, at its name where it has one."""
        named = [value for name, value in self.facts if name in LABELS[lang].get(field, ())]
        return any(UNKNOWN[lang] in value.casefold() for value in named or [self.text])

    @cached_property
    def links(self) -> set[str]:
        """Where the page leads."""
        return {link.get("href", "").partition("?")[0] for link in self.main.iter("a")}


class Site:
    """The demonstration of one file, read by the office of the province."""

    def __init__(self, app: Any, ids: dict[str, dict[str, int]], *, checks: bool) -> None:
        self.client = client_of(app, checks=checks).sign_in("office@demo.local")
        self.paths = {
            code: f"/{room}/{row_id}" for room, rows in ids.items() for code, row_id in rows.items()
        }
        self.read: dict[tuple[str, str], Page] = {}

    def page(self, code: str, lang: str) -> Page:
        """Return the page of an entry in a language."""
        if (code, lang) not in self.read:
            response = self.client.get(f"{self.paths[code]}?lang={lang}")
            assert response.status_code == 200, f"{code}: {response.status}"
            self.read[code, lang] = Page(parse(response.text)[0])
        return self.read[code, lang]


@pytest.fixture(scope="module")
def site_of(migrated_file: Path, tmp_path_factory: pytest.TempPathFactory):
    """`site_of(content)`: the site on a database with a demonstration made of that content."""
    running_apps = []

    def make(content: dict[str, Any], *, checks: bool = True) -> Site:
        folder = tmp_path_factory.mktemp("walk")
        (folder / "file.yaml").write_text(
            yaml.safe_dump(content, allow_unicode=True), encoding="utf-8"
        )
        (folder / "tracker.db").write_bytes(migrated_file.read_bytes())
        context = running(settings_at(folder / "instance", sqlite_url(folder / "tracker.db")))
        app = context.__enter__()
        running_apps.append(context)
        with app.app_context():
            begin_writing()
            load(at=STARTS_AT, machine=machine_now(), source=folder / "file.yaml")
            db.session.commit()
            ids: dict[str, dict[str, int]] = {
                room: dict(db.session.execute(select(row.code, row.id)).all())
                for room, row in ROOMS.items()
            }
        return Site(app, ids, checks=checks)

    yield make
    for context in running_apps:
        context.__exit__(None, None, None)


@pytest.fixture(scope="module")
def site(site_of: Callable[..., Site]) -> Site:
    """The demonstration as it is."""
    return site_of(FILE)


def missing(site: Site, file: dict[str, Any], lang: str, entries: str) -> Iterator[str]:
    """Yield each fact of the file which the page of its entry does not show."""
    facts = Facts(file, lang)
    room = {"organisations": "unit", "documents": "document", "plans": "plan", "tasks": "task"}
    for entry in file[entries]:
        page = site.page(entry["id"], lang)
        for fact in getattr(facts, f"of_{room[entries]}")(entry):
            if not shows(site, page, fact, lang):
                yield f"{entry['id']} ({site.paths[entry['id']]}): {fact!r}"


def shows(site: Site, page: Page, fact: str | Link | Unknown, lang: str) -> bool:
    """Tell whether the page shows the fact."""
    if isinstance(fact, Link):
        return site.paths[fact.to] in page.links
    if isinstance(fact, Unknown):
        return page.says_unknown(fact.field, lang)
    return told(page.text, fact)


@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize("entries", LISTS)
def test_every_fact_of_the_file_stands_on_the_page_of_its_entry(site, entries, lang):
    lacking = list(missing(site, FILE, lang, entries))
    assert not lacking, "\n".join(lacking)


def test_every_child_and_line_has_a_page_that_leads_to_its_task(site):
    facts = Facts(FILE, "vi")
    for entry in FILE["tasks"]:
        children = {
            f"{entry['id']}/{unit}": unit for unit in entry.get("fanout", {}).get("over", ())
        }
        lines = {f"{entry['id']}+{unit}": unit for unit in entry["coordinate"]}
        for code, unit in (children | lines).items():
            page = site.page(code, "vi")
            assert told(page.text, entry["vi"]), code
            assert told(page.text, facts.name(unit)), code
            assert site.paths[entry["id"]] in page.links, code
            assert (entry["status"] == "done") == told(page.text, "Đã hoàn thành"), code


def test_every_unit_sees_its_quota(site):
    fanout = next(entry for entry in FILE["tasks"] if entry["id"] == "T23")["fanout"]
    for unit in fanout["over"]:
        quotas = [
            value for name, value in site.page(f"T23/{unit}", "vi").facts if name == "Chỉ tiêu"
        ]
        assert [told(quota, str(fanout["each"])) for quota in quotas] == [True]


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_every_edge_of_the_lineage_leads_both_ways(site, lang):
    for edge in FILE["lineage"]:
        up, down = site.page(edge["to"], lang), site.page(edge["from"], lang)
        assert site.paths[edge["from"]] in up.links, edge
        assert site.paths[edge["to"]] in down.links, edge
        if "note" in edge:
            assert told(up.text, edge["note"]) or told(down.text, edge["note"]), edge


# Every measure of the file, among all of them


def measures(file: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield each measure of a task with its code."""
    for task in file["tasks"]:
        own = [task["measure"]] if "measure" in task else task.get("measures", ())
        yield from ((f"{task['id']}#{n}", measure) for n, measure in enumerate(own, 1))


def cells(page: Page, path: str) -> dict[str, str]:
    """Return what the row of a measure says, by the names of its columns."""
    links = {row: [link.get("href") for link in row.iter("a")] for row in page.main.iter("tr")}
    row = next(row for row, leads in links.items() if path in leads)
    return {cell.get("data-label", ""): words_of(cell) for cell in row.iter("td")}


@pytest.mark.parametrize(("lang", "names"), [("vi", VI_COLUMNS), ("en", EN_COLUMNS)])
def test_the_list_of_measures_reads_each_as_the_file_states_it(site, lang, names):
    site.paths["all"] = "/measures"
    page = site.page("all", lang)
    for code, measure in measures(FILE):
        row = cells(page, site.paths[code])
        for key, name in names.items():
            if measure[key] is not None:
                assert told(row[name], number(measure[key], lang)), (code, row)
            else:
                assert UNKNOWN[lang] in row[name].casefold(), (code, row)
                assert digits(row[name]) <= digits(bound_of(measure, lang)), (code, row)


def test_nothing_is_divided_by_what_no_source_states(site):
    for code, measure in measures(FILE):
        stated = "achieved_percent_text" in measure
        if None in (measure["target"], measure["achieved"]) and not stated:
            assert "%" not in site.page(code, "vi").text, code


def bound_of(measure: dict[str, Any], lang: str) -> str:
    """Return what a target is known to be below, where that follows from a source."""
    bounds = measure.get("target_bounds")
    return number(bounds["max_exclusive"], lang) if bounds else ""


def digits(words: str) -> set[str]:
    return set(re.findall(r"[\d.,]*\d", words))


# Every figure of the file, changed


def figures(file: dict[str, Any]) -> Iterator[tuple[str, MutableMapping[str, Any], str]]:
    """Yield each figure: the entry whose page shows it, where it stands in the file, under which key."""
    for unit in file["organisations"]:
        if unit.get("members_count") is not None:
            yield unit["id"], unit, "members_count"
    scales = {scale["id"]: scale for scale in file["classifications"]}
    for task in file["tasks"]:
        own = [task["measure"]] if "measure" in task else task.get("measures", ())
        for measure in own:
            for key in ("target", "achieved", "baseline"):
                if measure.get(key) is not None:
                    yield task["id"], measure, key
        if "classification" in task:
            scale = scales[task["classification"]]
            yield from ((task["id"], one, "count") for one in scale["classes"])
            yield task["id"], scale, "total"


@pytest.fixture(scope="module")
def changed() -> dict[str, Any]:
    """A copy of the file in which every figure is another, and some words and days are."""
    file = copy.deepcopy(FILE)
    for place, (_entry, where, key) in enumerate(figures(file)):
        where[key] = 70_001 + 37 * place
    of = {entry["id"]: entry for entries in LISTS for entry in file[entries]}
    of["T13"]["measure"]["achieved"] = None
    of["T11"]["measure"].update(target=71_999, achieved_percent_text="trên 99%")
    of["T27"].update(due_phrase="hết quý III-2018", due=date(2018, 9, 30))
    of["kh23"].update(number="61", symbol="61-KH/TU", date=date(2008, 2, 21))
    of["hu_cu_jut"].update(vi="Huyện ủy Suối Đá", en="Suối Đá District Party Committee")
    return file


@pytest.fixture(scope="module")
def changed_site(site_of: Callable[..., Site], changed: dict[str, Any]) -> Site:
    """The demonstration made of the changed copy."""
    return site_of(changed, checks=False)  # the pages are as sound as those of `site`


@pytest.mark.parametrize("entries", LISTS)
def test_a_changed_file_changes_every_page(changed_site, changed, entries):
    lacking = list(missing(changed_site, changed, "vi", entries))
    assert not lacking, "\n".join(lacking)


def test_an_old_figure_leaves_no_trace(changed_site, changed):
    words = {
        entry["id"]: words_in(entry)
        for entries in [*LISTS, "classifications"]
        for entry in changed[entries]
    }
    for entry, where, key in figures(FILE):
        said = number(where[key], "vi")
        # A small number may stand on the page for another reason, one in the entry's own words does.
        own = words[entry] + words.get(where.get("id", ""), "")
        if where[key] >= 100 and not told(own, said):
            assert not told(changed_site.page(entry, "vi").text, said), (entry, said)


def words_in(entry: Any) -> str:
    """Return all the words of an entry."""
    if isinstance(entry, dict):
        entry = list(entry.values())
    if isinstance(entry, list):
        return " ".join(words_in(one) for one in entry)
    return entry if isinstance(entry, str) else ""


@pytest.mark.parametrize(
    ("entry", "old"),
    [
        ("T27", "hết quý I-2018"),
        ("T27", "31-3-2018"),
        ("T11", "trên 124%"),
        ("kh23", "23-KH/TU"),
        ("kh23", "22-8-2007"),
        ("hu_cu_jut", "Huyện ủy Cư Jút"),
        ("T12", "Huyện ủy Cư Jút"),
    ],
)
def test_old_words_and_days_leave_no_trace(site, changed_site, entry, old):
    assert told(site.page(entry, "vi").text, old)
    assert not told(changed_site.page(entry, "vi").text, old)

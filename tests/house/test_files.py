"""What may lie in the repository."""

import re

from tests.house.source import files, texts
from tracker.settings import ROOT

# Every address that may stand in a file. Hosts of downloads are settings of a machine, not of the project.
HOSTS = {
    "127.0.0.1",
    "0.0.0.0",
    "localhost",
    "cdn.jsdelivr.net",  # htmx, by its hash
    "www.w3.org",  # names of formats
    "www.sitemaps.org",
    "ns.adobe.com",
    "spec.openapis.org",
}
RESERVED = re.compile(r"(^|\.)(example|invalid|test|local|localhost|example\.(com|org|net))$")
ADDRESS = re.compile(
    r"\b(?:https?|wss?|ftp)://(?:[^\s/@\"'<>]*@)?\[?([A-Za-z0-9._-]+)", re.IGNORECASE
)
MACHINE_PATH = re.compile(r"(?<![\w.:/{}\])])/(?:home|root|Users|mnt|work)/\w")
LOCKS = {"uv.lock", "package-lock.json", "poetry.lock", "yarn.lock", "Pipfile.lock"}


def test_no_address_of_a_download_host():
    """Fix: take the address out, or, if the product itself needs it, add its host to HOSTS."""
    found = [
        f"{name}: {match.group(0)}"
        for name, text in texts()
        for match in ADDRESS.finditer(text)
        if not allowed(match.group(1).lower().rstrip("."))
    ]
    assert not found, "\n".join(found)


def allowed(host: str) -> bool:
    return host in HOSTS or bool(RESERVED.search(host)) or "." not in host


def test_no_path_of_a_machine():
    """Fix: take paths from settings or from where the file lies."""
    found = [
        f"{name}:{number}: {line.strip()[:100]}"
        for name, text in texts()
        for number, line in enumerate(text.splitlines(), 1)
        if MACHINE_PATH.search(line)
    ]
    assert not found, "\n".join(found)


def test_no_lock_file_that_names_download_hosts():
    """Fix: delete it; what is pinned stands in requirements/*.txt, made by requirements/lock."""
    assert not [path for path in files() if path.name in LOCKS]


def test_nothing_made_is_committed():
    """Fix: delete it or add it to .gitignore."""
    made = {".mo", ".pyc", ".db", ".log"}
    assert not [str(path) for path in files() if path.suffix in made]


def test_requirements_agree():
    """Fix: run requirements/lock."""
    pins = {level: pinned(level) for level in ("app", "test", "lint")}
    assert pins["app"] <= pins["test"] <= pins["lint"]


def pinned(level: str) -> set[str]:
    lines = (ROOT / "requirements" / f"{level}.txt").read_text(encoding="utf-8").splitlines()
    return {line.rstrip(" \\") for line in lines if line and not line.startswith((" ", "#"))}


def test_every_requirement_has_a_hash():
    """Fix: run requirements/lock."""
    for path in sorted((ROOT / "requirements").glob("*.txt")):
        blocks = re.split(r"\n(?=\S)", path.read_text(encoding="utf-8").strip())
        bare = [block for block in blocks if "==" in block and "--hash=sha256:" not in block]
        assert not bare, f"{path.name}: {bare}"

"""The walls of the house: what a linter does not know and a reviewer would forget."""

import ast

from eventops.accounts.permissions import access_of
from tests.architecture import sources
from tests.architecture.sources import ROOT, modules, name

VAGUE = {"util", "utils", "helper", "helpers", "common", "misc", "tools", "lib"}
CEILING = 400
WORDS_OF_THE_WEB_AND_THE_DATABASE = {"flask", "sqlalchemy", "flask_sqlalchemy", "flask_login", "flask_wtf", "wtforms"}
# The clock and chance are read at the edge; models hold the words (enums) that rules speak in.
NOT_IN_RULES = WORDS_OF_THE_WEB_AND_THE_DATABASE | {"random", "secrets", "time", "os", "requests", "smtplib", "ortools"}
NOT_IN_RULES_OF_OURS = {"eventops.clock.now", "eventops.clock.today", "eventops.database", "eventops.config"}


def test_every_route_says_who_may_open_it(app):
    views = {rule.endpoint: app.view_functions[rule.endpoint] for rule in app.url_map.iter_rules()}
    assert len(views) > 10
    assert [endpoint for endpoint, view in views.items() if endpoint != "static" and access_of(view) is None] == []


def test_only_the_transaction_owner_commits():
    owner = ROOT / "eventops" / "database.py"
    assert _commits(owner) == 1
    assert [name(path) for path in modules() if path != owner and _commits(path)] == []


def _commits(path) -> int:
    calls = [node for node in ast.walk(sources.tree(path)) if isinstance(node, ast.Call)]
    return sum(isinstance(call.func, ast.Attribute) and call.func.attr == "commit" for call in calls)


def test_the_scheduler_knows_neither_web_nor_database():
    found = {
        name(path): roots
        for path in modules("scheduling")
        if (roots := _roots(path) & (WORDS_OF_THE_WEB_AND_THE_DATABASE | {"eventops"}))
    }
    assert found == {}


def test_checker_and_score_never_import_the_solver():
    for file in ("check.py", "score.py"):
        reached = _reached("scheduling." + file.removesuffix(".py"))
        assert "ortools" not in reached


def _reached(module: str) -> set[str]:
    """Everything that a module of the scheduler imports, directly or through others of the scheduler."""
    seen: set[str] = set()
    waiting = [module]
    while waiting:
        current = waiting.pop()
        path = ROOT / (current.replace(".", "/") + ".py")
        if current in seen or not path.exists():
            seen.add(current.partition(".")[0])
            continue
        seen.add(current)
        for imported in sources.imports(path):
            waiting += [imported, imported.rpartition(".")[0] or imported]
    return seen


def test_rules_are_pure():
    rules = [path for path in modules("eventops") if path.name == "rules.py"]
    assert len(rules) >= 2
    assert {name(path): bad for path in rules if (bad := _roots(path) & NOT_IN_RULES)} == {}
    ours = {name(path): _ours(path) & NOT_IN_RULES_OF_OURS for path in rules}
    assert {path: bad for path, bad in ours.items() if bad} == {}
    assert [name(path) for path in rules if ".now(" in path.read_text() or ".today(" in path.read_text()] == []


def _roots(path) -> set[str]:
    return {imported.partition(".")[0] for imported in sources.imports(path)}


def _ours(path) -> set[str]:
    return {prefix for imported in sources.imports(path) for prefix in (imported, imported.rpartition(".")[0])}


def test_services_never_open_a_transaction():
    services = [path for path in modules("eventops") if path.name in ("service.py", "queries.py", "rules.py")]
    opened = [name(path) for path in services if "eventops.database.transaction" in sources.imports(path)]
    assert opened == []


def test_no_file_has_a_name_that_says_nothing():
    assert [name(path) for path in modules("eventops", "scheduling", "tests") if path.stem in VAGUE] == []


def test_every_module_says_what_it_knows():
    paths = [path for path in modules("eventops", "scheduling", "tests") if path.read_text().strip()]
    assert [name(path) for path in paths if ast.get_docstring(sources.tree(path)) is None] == []


def test_no_file_is_longer_than_the_ceiling():
    lengths = {name(path): len(path.read_text().splitlines()) for path in modules("eventops", "scheduling", "tests")}
    assert {path: lines for path, lines in lengths.items() if lines > CEILING} == {}


def test_nothing_is_left_to_do():
    marks = ("TO" + "DO", "FIX" + "ME", "XX" + "X:", "NotImplemented" + "Error", "pytest." + "skip", "mark." + "skip")
    suffixes = (".py", ".html", ".txt", ".js", ".css", ".md", ".typ")
    texts = {
        name(path): path.read_text()
        for folder in ("eventops", "scheduling", "templates", "tests", "bin", "migrations")
        for path in (ROOT / folder).rglob("*")
        if path.suffix in suffixes and "vendor" not in path.parts and path.name != "test_walls.py"
    }
    assert [path for path, text in texts.items() if any(mark in text for mark in marks)] == []

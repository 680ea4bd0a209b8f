"""What every response carries, whichever door it came out of, and what a failure does not tell."""

from eventops.accounts.models import Role
from eventops.accounts.permissions import public
from tests.conftest import sign_in_to
from tests.security.walking import doors

ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), microphone=(), geolocation=()",
}


def policy(header: str) -> dict[str, set[str]]:
    return {name: set(sources) for name, *sources in (part.split() for part in header.split(";") if part.strip())}


def faults(response) -> list[str]:
    """What is missing from or too generous in a response's headers."""
    found = [name for name, value in ALWAYS.items() if response.headers.get(name) != value]
    rules = policy(response.headers.get("Content-Security-Policy", ""))
    allowed = set().union(*rules.values()) if rules else set()
    if rules.get("default-src") != {"'none'"} or rules.get("frame-ancestors") != {"'none'"}:
        found.append("default-src or frame-ancestors")
    found += sorted(allowed - {"'none'", "'self'", "'wasm-unsafe-eval'", "data:", "blob:"})
    if "data:" in rules.get("script-src", set()) | rules.get("worker-src", set()):
        found.append("data: scripts")
    return found


def test_every_answer_carries_them(app):
    clients = [app.test_client(), sign_in_to(app, Role.ADMINISTRATOR)]
    all_doors = doors(app)
    answers = [(door, client.open(door.path, method=door.method)) for door in all_doors for client in clients]
    assert {str(door): wrong for door, answer in answers if (wrong := faults(answer))} == {}
    assert {str(door) for door, answer in answers if "no-store" not in answer.headers.get("Cache-Control", "")} == set()


def test_static_files_and_error_pages_carry_them_too(app):
    client = app.test_client()
    for path, status in (("/static/css/base.css", 200), ("/static/none.css", 404), ("/nowhere", 404)):
        with client.get(path) as response:
            assert (response.status_code, faults(response)) == (status, [])


def test_https_is_remembered_by_browsers_only_where_it_is_used(app):
    assert "Strict-Transport-Security" not in app.test_client().get("/").headers
    secure = app.test_client().get("/", base_url="https://localhost")
    assert secure.headers["Strict-Transport-Security"] == "max-age=31536000"


def test_an_unexpected_error_says_nothing_of_its_cause(app):
    @public
    def broken():
        raise RuntimeError("the secret cause")

    app.add_url_rule("/broken", view_func=broken)
    response = app.test_client().get("/broken")
    assert (response.status_code, faults(response)) == (500, [])
    assert "システムの内部で問題が起きました" in response.text
    assert "secret cause" not in response.text
    assert "Traceback" not in response.text


def test_pages_hold_no_inline_script_or_style(app):
    """The policy would block them; a page that needs one would be broken without a word."""
    admin = sign_in_to(app, Role.ADMINISTRATOR)
    pages = {str(door): admin.get(door.path).text for door in doors(app) if door.method == "GET"}
    marks = (" style=", " onclick=", " onchange=", " onsubmit=", "<style", "<script>", "javascript:")
    assert {door: mark for door, page in pages.items() for mark in marks if mark in page} == {}

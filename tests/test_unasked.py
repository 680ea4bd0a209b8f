"""What a button asks about is not done before somebody has answered, whether its script has run or not."""

import re
from collections.abc import Callable
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient

from eventops.accounts.models import Role
from eventops.database import transaction
from tests.meetings.placing import place_by_hand
from tests.meetings.tiny import make_tiny, spots

Visitor = Callable[[Role], FlaskClient]


def test_a_form_sent_before_its_script_ran_is_answered_by_its_question(app: Flask, sign_in: Visitor) -> None:
    with app.app_context(), transaction() as session:
        tiny = make_tiny(session)
        place_by_hand(session, tiny.round_id, 2)
    manager = sign_in(Role.EVENT_MANAGER)
    form = re.search(
        rf'<form[^>]*action="{tiny.board}/make"[^>]*data-confirm="([^"]*)".*?</form>', manager.get(tiny.board).text
    )
    assert f'name="unasked" value="{form[1]}"' in form[0]

    address = f"{tiny.board}/take-out?from=board"
    sent = {"application_id": str(min(spots(app, tiny))), "revision": "2"}
    asked = manager.post(address, data={**sent, "unasked": "外しますか。<b>"}, headers={"Referer": "http://elsewhere/"})

    assert asked.status_code == 200
    assert "外しますか。&lt;b&gt;" in asked.text
    assert f'action="{address}"' in asked.text
    again = dict(re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', asked.text))
    assert {name: value for name, value in again.items() if name != "csrf_token"} == sent
    assert "elsewhere" not in asked.text
    assert len(spots(app, tiny)) == 2
    assert manager.post(address, data=again).status_code in (302, 409)


def again(page: str) -> list[tuple[str, str]]:
    fields = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', page)
    return [(name, value) for name, value in fields if name != "csrf_token"]


def test_every_tick_of_a_form_is_sent_again_with_the_answer(app: Flask, sign_in: Visitor) -> None:
    manager = sign_in(Role.EVENT_MANAGER)
    sent = {"ids": ["3", "5", "8"], "state": "failed", "unasked": "もう一度送ります。"}
    asked = manager.post("/staff/letters/send-again", data=sent).text
    assert "もう一度送ります。" in asked
    assert again(asked) == [("ids", "3"), ("ids", "5"), ("ids", "8"), ("state", "failed")]


def test_a_question_about_one_button_is_asked_for_that_button_alone(app: Flask, sign_in: Visitor) -> None:
    manager = sign_in(Role.EVENT_MANAGER)
    question = {"unasked:step=reset": "標準に戻します。"}
    asked = manager.post("/staff/letters/send-again", data={"step": "reset", **question})
    assert (asked.status_code, again(asked.text)) == (200, [("step", "reset")])
    for other in ({"step": "save"}, {}):
        assert "標準に戻します。" not in manager.post("/staff/letters/send-again", data={**other, **question}).text


def test_no_form_asks_by_its_script_alone() -> None:
    """A question that only the script knows is not asked before the script is there."""
    templates = Path(__file__).parents[1] / "templates"
    found = {path.name for path in templates.rglob("*.html") if "data-confirm=" in path.read_text(encoding="utf-8")}
    assert found == {"bits.html"}

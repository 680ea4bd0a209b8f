"""What a button asks about is not done before somebody has answered, whether its script has run or not."""

import re
from collections.abc import Callable

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

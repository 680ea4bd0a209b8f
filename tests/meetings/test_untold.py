"""The warning that the frame has moved since people were told: it never closes a page, and is worked out once."""

import pytest
from flask import Flask

from eventops.accounts.models import Role
from eventops.database import transaction
from eventops.meetings.timetable import drafts, publication
from tests.conftest import sign_in_to
from tests.factories import NOW
from tests.meetings.test_told import earlier, tiny
from tests.meetings.tiny import Tiny

__all__ = ["tiny"]


def test_an_emptied_draft_beside_a_moved_frame_closes_no_page(app: Flask, tiny: Tiny) -> None:
    with app.app_context(), transaction() as session:
        draft = drafts.draft_for_round(session, round_id=tiny.round_id, now=NOW)
        drafts.replace_all(session, draft, layout={}, actor_id=None, now=NOW)
    client = sign_in_to(app, Role.EVENT_MANAGER)
    assert earlier(app, tiny, client).status_code == 200
    event = f"/staff/events/{tiny.event_id}"
    pages = (tiny.board, f"{event}/", f"{event}/matching", f"{event}/matching/round")
    assert {page: client.get(page).status_code for page in pages} == dict.fromkeys(pages, 200)


def test_the_board_asks_once_who_is_untold(app: Flask, tiny: Tiny, monkeypatch: pytest.MonkeyPatch) -> None:
    client = sign_in_to(app, Role.EVENT_MANAGER)
    earlier(app, tiny, client)
    asked, look = [], publication.untold
    monkeypatch.setattr(publication, "untold", lambda *args: asked.append(args) or look(*args))
    page = client.get(tiny.board).text
    assert ("公開済みの時間割と違います" in page, "確定して知らせる" in page, len(asked)) == (True, True, 1)

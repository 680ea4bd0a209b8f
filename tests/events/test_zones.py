"""Zones with their sponsors and booths; numbers within a series."""

from eventops.accounts.models import Role
from eventops.database import transaction
from eventops.events import rules, zones
from eventops.events.models import EventState
from eventops.events.rules import WarningCode
from tests.events import arrange
from tests.events.plans import NOW, new_year

TYPED = {
    "name": "コラボレーション企画ゾーン",
    "sponsor": "架空銀行・架空ロボット株式会社",
    "booths-0-number": "C-1",
    "booths-0-exhibitor": "株式会社青空精密",
    "booths-0-exhibit": "小型ロボットの関節",
    "booths-1-number": "C-2",
    "booths-2-number": "",
}


def written(app, event_id):
    with app.app_context(), transaction() as session:
        return [
            (row.name, row.sponsor, [(one.number, one.exhibitor) for one in row.booths])
            for row in zones.of_event(session, event_id)
        ]


def test_zones_are_written_read_by_guests_and_copied_without_their_exhibitors(app, client, sign_in):
    event_id = arrange.add(app, state=EventState.PUBLISHED)
    manager = sign_in(Role.EVENT_MANAGER)
    url = f"/staff/events/{event_id}/zones"

    assert manager.post(f"{url}/new", data=TYPED).status_code == 302
    copy = manager.post("/staff/events/copy", data={"source": event_id, "held_on": "2028-01-21"})

    booths = [("C-1", "株式会社青空精密"), ("C-2", "")]
    assert written(app, event_id) == [(TYPED["name"], TYPED["sponsor"], booths)]
    page = client.get("/e/newyear-2027/").text
    assert "企画・協賛: 架空銀行・架空ロボット株式会社" in page
    assert "小型ロボットの関節" in page
    assert "C-2" not in page
    copied_id = int(copy.headers["Location"].split("/")[3])
    assert written(app, copied_id) == [(TYPED["name"], TYPED["sponsor"], [("C-1", ""), ("C-2", "")])]


def test_a_zone_is_changed_and_removed_and_belongs_to_its_event(app, sign_in):
    event_id = arrange.add(app)
    other_id = arrange.add(app, slug="other", code="O1")
    manager = sign_in(Role.EVENT_MANAGER)
    url = f"/staff/events/{event_id}/zones"
    manager.post(f"{url}/new", data=TYPED)

    assert manager.post(f"{url}/1", data={"name": ""}).status_code == 422
    assert manager.get(f"/staff/events/{other_id}/zones/1").status_code == 404
    more = manager.post(f"{url}/1", data=TYPED | {"add_row": "booths"})
    assert (more.status_code, 'name="booths-3-number"' in more.text) == (200, True)
    manager.post(f"{url}/1", data={"name": "展示", "sponsor": ""})
    assert written(app, event_id) == [("展示", "", [])]
    manager.post(f"{url}/1/remove")
    assert written(app, event_id) == []


def test_staff_are_told_the_next_number_of_the_series_and_one_that_is_taken():
    def numbers(**values):
        found = rules.warnings(new_year(**values), now=NOW, editions={7, 8})
        return [
            (one.code, one.details["edition"])
            for one in found
            if one.code in (WarningCode.NO_EDITION, WarningCode.EDITION_TWICE)
        ]

    assert numbers(edition=None) == [(WarningCode.NO_EDITION, 9)]
    assert numbers(edition=8) == [(WarningCode.EDITION_TWICE, 8)]
    assert numbers(edition=9) == []

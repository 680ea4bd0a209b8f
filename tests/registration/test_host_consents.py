"""Co-hosts and guests: asked for each host, never ticked beforehand, told what for, taken back at any time."""

import datetime as dt
import re

import pytest
from sqlalchemy import select

from eventops.accounts.models import AuditEntry, Role
from eventops.cases import sharing
from eventops.database import db, transaction
from eventops.events.models import Event, EventHost, HostRole
from eventops.registration import addresses, queries
from eventops.registration.models import HostConsent
from tests.conftest import NOW, sign_in_to
from tests.registration.arrange import make_new_year
from tests.registration.test_apply import apply, filled

INSTITUTE, CENTRE, CITY = "産業技術研究所", "産業振興センター", "八王子市"
END = dt.datetime(2036, 1, 8, 8, 0, tzinfo=dt.UTC)


@pytest.fixture
def hosted(app):
    """An event with two co-hosts and a patron; the institute is to be given addresses for a stated purpose."""
    with app.app_context(), transaction() as session:
        event = make_new_year(session, held_on=dt.date(2036, 1, 15), applications_close_at=END)
        named = ((HostRole.CO_HOST, INSTITUTE), (HostRole.CO_HOST, CENTRE), (HostRole.PATRON, CITY))
        event.hosts = [EventHost(role=role, name=name, position=place) for place, (role, name) in enumerate(named, 1)]
        session.flush()
        wanted = {"columns": ["name", "email"], "purpose": "技術相談のご案内", "actor_id": None, "now": NOW}
        sharing.state(session, event_id=event.id, host_name=INSTITUTE, **wanted)
        hosts = {host.name: host.id for host in event.hosts}
        return event.id, event.slug, [part.id for part in event.parts], hosts


def page_of(app, number=1):
    with app.app_context():
        return f"/r/{addresses.token(queries.registration(db.session(), number))}"


def given(app, event_id):
    """What each host would be given now."""
    with app.app_context(), transaction() as session:
        made = {}
        for host in (INSTITUTE, CENTRE):
            sharing.state(
                session,
                event_id=event_id,
                host_name=host,
                columns=["name", "email", "phone"],
                purpose="",
                actor_id=None,
                now=NOW,
            )
            made[host] = sharing.share(session, event_id=event_id, host_name=host, actor_id=None, now=NOW).rows
        return made


def test_the_form_asks_for_each_co_host_and_nothing_is_ticked(client, hosted):
    _event_id, slug, _parts, hosts = hosted
    form = client.get(f"/e/{slug}/apply").text
    boxes = re.findall(r'<input[^>]*name="attendees-0-share_(\d+)"[^>]*>', form)
    assert [int(one) for one in boxes] == [hosts[INSTITUTE], hosts[CENTRE]]
    assert not re.search(r'<input[^>]*checked[^>]*name="attendees-0-share_', form)
    assert "お渡しする項目: 氏名、メールアドレス / 利用目的: 技術相談のご案内" in form
    assert "お渡しする項目: 氏名、会社・団体、役職" in form
    assert CITY not in form


def test_who_agreed_is_given_with_what_was_told_and_nobody_else(app, client, hosted):
    event_id, slug, parts, hosts = hosted
    ticked = {f"attendees-1-share_{hosts[INSTITUTE]}": "y", f"attendees-1-share_{hosts[CENTRE]}": "y"}
    checked = client.post(f"/e/{slug}/apply", data=filled(parts, rows=2) | ticked).text
    assert re.findall(f"{INSTITUTE}への提供 (同意\\w+)", checked) == ["同意しない", "同意する"]
    apply(client, slug, filled(parts, rows=2) | ticked | {"attendees-1-email": "jiro@umibe.example.jp"})
    assert given(app, event_id) == {
        INSTITUTE: [["山田 太郎1", "jiro@umibe.example.jp", ""]],
        CENTRE: [["山田 太郎1", "", ""]],
    }
    page = client.get(page_of(app)).text
    assert len(re.findall("同意を取り消す", page)) == 2


def test_it_is_taken_back_and_given_again_on_the_own_page_at_any_time(app, client, hosted):
    event_id, slug, parts, hosts = hosted
    apply(client, slug, filled(parts) | {f"attendees-0-share_{hosts[CENTRE]}": "y"})
    with app.app_context(), transaction() as session:
        event = session.get_one(Event, event_id)
        event.held_on, event.applications_close_at = dt.date(2020, 1, 15), NOW - dt.timedelta(days=900)
    url = f"{page_of(app)}/people/1/share"
    for answer in ("no", "no", "yes", "no"):
        assert client.post(url, data={"host": hosts[CENTRE], "agrees": answer}).status_code == 302
    assert given(app, event_id) == {INSTITUTE: [], CENTRE: []}
    with app.app_context():
        acts = db.session.scalars(select(AuditEntry.action).where(AuditEntry.action.like("share_%"))).all()
        assert acts == ["share_withdrawn", "share_agreed", "share_withdrawn"]
        assert db.session.scalars(select(HostConsent)).one().withdrawn_at is not None
    assert client.post(url, data={"host": hosts[CITY], "agrees": "yes"}).status_code == 404
    assert client.post(f"{page_of(app)}/people/99/share", data={"host": hosts[CENTRE]}).status_code == 404


def test_a_substitute_is_asked_anew_and_staff_note_what_they_are_told(app, client, hosted):
    event_id, slug, parts, hosts = hosted
    apply(client, slug, filled(parts) | {f"attendees-0-share_{hosts[CENTRE]}": "y"})
    url = f"{page_of(app)}/people/1/substitute"
    assert f'name="share_{hosts[CENTRE]}"' in client.get(url).text
    names = {"family_name": "鈴木", "given_name": "実", "family_kana": "スズキ", "given_kana": "ミノル"}
    assert client.post(url, data=names | {f"share_{hosts[INSTITUTE]}": "y"}).status_code == 302
    assert given(app, event_id) == {INSTITUTE: [["鈴木 実", "soumu@umibe.example.jp", ""]], CENTRE: []}
    staff = sign_in_to(app, Role.EVENT_MANAGER)
    staff.post("/staff/registrations/1/people/1/share", data={"host": hosts[INSTITUTE], "agrees": "no"})
    assert given(app, event_id) == {INSTITUTE: [], CENTRE: []}
    assert INSTITUTE in staff.get("/staff/registrations/1").text

"""Co-hosts and guests: asked for each host, never ticked beforehand, told what for, taken back at any time."""

import datetime as dt
import re

import pytest
from sqlalchemy import select

from eventops import clock
from eventops.accounts.models import AuditEntry, Role
from eventops.cases import sharing
from eventops.cases.records import service as records
from eventops.database import db, transaction
from eventops.directory import consents
from eventops.directory.consents import Word
from eventops.directory.models import Consent, ConsentPurpose, ConsentSource
from eventops.events import editing
from eventops.events import queries as event_queries
from eventops.events.models import Event, EventHost, HostRole
from eventops.registration import host_consents, queries
from eventops.registration.models import Attendee, HostConsent, Registration
from eventops.registration.writing import addresses
from tests.conftest import NOW, sign_in_to
from tests.factories import make_organisation, make_person
from tests.registration.arrange import make_new_year
from tests.registration.test_apply import apply, filled, hidden_of

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
        event.hosts[0].name_en = "Institute of Technology"
        purposes = {"purpose": "技術相談のご案内", "purpose_en": "technical advice"}
        wanted = {"columns": ["name", "email"], **purposes, "actor_id": None, "now": NOW}
        sharing.state(session, event_id=event.id, host_name=INSTITUTE, **wanted)
        hosts = {host.name: host.id for host in event.hosts}
        return event.id, event.slug, [part.id for part in event.parts], hosts


def page_of(app, number=1):
    with app.app_context():
        return f"/r/{addresses.token(queries.registration(db.session(), number))}"


def mark_of(app, host):
    """What a tick for this host carries: the mark of the words beside it."""
    with app.app_context():
        event = db.session.scalars(select(Event)).one()
        return next(one.words.mark for one in host_consents.asked(db.session(), event) if one.host == host)


def tick(app, hosts, *named, row=0):
    """What a browser sends for a participant who ticks these hosts."""
    return {f"attendees-{row}-share_{hosts[host]}": mark_of(app, host) for host in named}


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
    english = client.get(f"/e/{slug}/apply?lang=en").text
    assert ("I agree to be named to Institute of Technology" in english, "technical advice" in english) == (True, True)


def test_who_agreed_is_given_with_what_was_told_and_nobody_else(app, client, hosted):
    event_id, slug, parts, hosts = hosted
    ticked = {
        f"attendees-1-share_{hosts[INSTITUTE]}": mark_of(app, INSTITUTE),
        f"attendees-1-share_{hosts[CENTRE]}": mark_of(app, CENTRE),
    }
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
    apply(client, slug, filled(parts) | tick(app, hosts, CENTRE))
    with app.app_context(), transaction() as session:
        event = session.get_one(Event, event_id)
        event.held_on, event.applications_close_at = dt.date(2020, 1, 15), NOW - dt.timedelta(days=900)
    url = f"{page_of(app)}/people/1/share"
    told = mark_of(app, CENTRE)
    for answer in ("no", "no", "yes", "no"):
        assert client.post(url, data={"host": hosts[CENTRE], "agrees": answer, "told": told}).status_code == 302
    assert given(app, event_id) == {INSTITUTE: [], CENTRE: []}
    with app.app_context():
        acts = db.session.scalars(select(AuditEntry.action).where(AuditEntry.action.like("share_%"))).all()
        assert acts == ["share_withdrawn", "share_agreed", "share_withdrawn"]
        assert db.session.scalars(select(HostConsent)).one().withdrawn_at is not None
    assert client.post(url, data={"host": hosts[CITY], "agrees": "yes"}).status_code == 404
    assert client.post(f"{page_of(app)}/people/99/share", data={"host": hosts[CENTRE]}).status_code == 404


def test_a_substitute_is_asked_anew_and_staff_note_what_they_are_told(app, client, hosted):
    event_id, slug, parts, hosts = hosted
    apply(client, slug, filled(parts) | tick(app, hosts, CENTRE))
    url = f"{page_of(app)}/people/1/substitute"
    assert f'name="share_{hosts[CENTRE]}"' in client.get(url).text
    names = {"family_name": "鈴木", "given_name": "実", "family_kana": "スズキ", "given_kana": "ミノル"}
    assert client.post(url, data=names | {f"share_{hosts[INSTITUTE]}": mark_of(app, INSTITUTE)}).status_code == 302
    assert given(app, event_id) == {INSTITUTE: [["鈴木 実", "", ""]], CENTRE: []}
    staff = sign_in_to(app, Role.EVENT_MANAGER)
    staff.post("/staff/registrations/1/people/1/share", data={"host": hosts[INSTITUTE], "agrees": "no"})
    assert given(app, event_id) == {INSTITUTE: [], CENTRE: []}
    assert INSTITUTE in staff.get("/staff/registrations/1").text


def in_directory(app, *, agreed_on=None):
    """The first participant as the directory knows them; in the questionnaire they agreed to be named to the centre."""
    with app.app_context(), transaction() as session:
        attendee = session.scalars(select(Attendee).order_by(Attendee.id)).first()
        if attendee.person is None:
            attendee.person = make_person(session, make_organisation(session))
            session.flush()
        if agreed_on is not None:
            said = {"event_id": attendee.registration.event_id, "hosts": [CENTRE], "day": agreed_on}
            records.agree_to_share(session, person_id=attendee.person_id, **said)
        return attendee.person_id


@pytest.mark.parametrize("ticked", [True, False], ids=["form and questionnaire", "questionnaire alone"])
def test_whoever_takes_it_back_has_taken_back_what_was_said_in_the_questionnaire_too(app, client, hosted, ticked):
    event_id, slug, parts, hosts = hosted
    apply(client, slug, filled(parts) | tick(app, hosts, *([CENTRE] if ticked else [])))
    person_id = in_directory(app, agreed_on=clock.today())
    assert len(given(app, event_id)[CENTRE]) == 1
    assert len(re.findall("同意を取り消す", client.get(page_of(app)).text)) == 1
    client.post(f"{page_of(app)}/people/1/share", data={"host": hosts[CENTRE], "agrees": "no"})
    assert given(app, event_id) == {INSTITUTE: [], CENTRE: []}
    assert "同意を取り消す" not in client.get(page_of(app)).text
    with app.app_context():
        one = db.session.scalars(select(Consent).where(Consent.person_id == person_id)).one()
        assert (one.withdrawn_on, one.person.share_consent) == (clock.today(), False)


def test_of_the_form_and_other_words_the_later_counts(app, client, hosted):
    event_id, slug, parts, hosts = hosted
    apply(client, slug, filled(parts) | tick(app, hosts, CENTRE))
    in_directory(app, agreed_on=clock.today())
    later = clock.today() + dt.timedelta(days=2)
    with app.app_context(), transaction() as session:
        person = session.scalars(select(Attendee)).one().person
        consents.withdraw(person, ConsentPurpose.SHARE, Word(ConsentSource.MAIL, later))
        session.scalars(select(HostConsent)).one().given_at = clock.now()
    assert given(app, event_id)[CENTRE] == []
    with app.app_context(), transaction() as session:
        session.scalars(select(HostConsent)).one().withdrawn_at = clock.now()
    in_directory(app, agreed_on=later + dt.timedelta(days=1))
    assert len(given(app, event_id)[CENTRE]) == 1
    with app.app_context(), transaction() as session:
        session.scalars(select(HostConsent)).one().withdrawn_at = clock.now() + dt.timedelta(days=9)
    assert given(app, event_id)[CENTRE] == []


def test_who_said_it_in_the_form_is_given_in_the_columns_named_there_alone(app, client, hosted):
    event_id, slug, parts, hosts = hosted
    apply(client, slug, filled(parts) | tick(app, hosts, CENTRE))
    in_directory(app, agreed_on=clock.today())
    assert given(app, event_id)[CENTRE] == [["山田 太郎0", "", ""]]


def test_address_and_telephone_of_the_applicant_are_given_for_the_applicant_alone(app, client, hosted):
    event_id, slug, parts, hosts = hosted
    with app.app_context(), transaction() as session:
        every = {"columns": ["name", "email", "phone"], "purpose": "", "actor_id": None, "now": NOW}
        sharing.state(session, event_id=event_id, host_name=CENTRE, **every)
    ticked = tick(app, hosts, CENTRE) | tick(app, hosts, CENTRE, row=1)
    apply(client, slug, filled(parts, rows=2) | ticked | {"applicant_name": "山田　太郎1", "applicant_kana": "ヤマダ"})
    assert given(app, event_id)[CENTRE] == [
        ["山田 太郎0", "", ""],
        ["山田 太郎1", "soumu@umibe.example.jp", "00-1234-5678"],
    ]


def test_a_tick_beside_other_words_than_those_of_now_counts_for_nothing(app, client, hosted):
    event_id, slug, parts, hosts = hosted
    old = mark_of(app, CENTRE)
    ticked = filled(parts) | {f"attendees-0-share_{hosts[CENTRE]}": old}
    checked = client.post(f"/e/{slug}/apply", data=ticked)
    assert "同意する（お渡しする項目: 氏名、会社・団体、役職）" in checked.text
    given(app, event_id)  # staff state further columns
    told_anew = "お渡しする項目か利用目的が変わりました"
    for sent in (ticked, hidden_of(checked) | {"step": "send"}):
        page = client.post(f"/e/{slug}/apply", data=sent)
        assert (page.status_code, told_anew in page.text) == (422, True)
    apply(client, slug, filled(parts))
    url = f"{page_of(app)}/people/1/share"
    assert client.post(url, data={"host": hosts[CENTRE], "agrees": "yes", "told": old}).status_code == 409
    assert given(app, event_id)[CENTRE] == []
    shown = re.search(
        r'name="told" value="(\w+)"><button[^>]*>同意する<span[^>]*> 産業振興センター', client.get(page_of(app)).text
    )
    assert client.post(url, data={"host": hosts[CENTRE], "agrees": "yes", "told": shown[1]}).status_code == 302
    assert len(given(app, event_id)[CENTRE]) == 1


def test_what_was_read_is_kept_shown_and_noted_when_people_are_given(app, client, hosted):
    event_id, slug, parts, hosts = hosted
    with app.app_context(), transaction() as session:
        make_person(session, make_organisation(session, "株式会社海辺工業"), email="taro@umibe.example.jp")
    address = {"attendees-0-email": "taro@umibe.example.jp", "mail_opt_in": "y"}
    apply(client, slug, filled(parts) | tick(app, hosts, INSTITUTE) | address)
    words = (
        f"共催の{INSTITUTE}に提供することに同意する\nお渡しする項目: 氏名、メールアドレス / 利用目的: 技術相談のご案内"
    )
    with app.app_context(), transaction() as session:
        row = session.scalars(select(HostConsent)).one()
        assert (row.text, row.language, row.version) == (words, "ja", mark_of(app, INSTITUTE))
        told = session.scalars(select(Registration)).one().told
        assert {*told} == {"privacy", "mail_opt_in", "version"}
        assert told["mail_opt_in"] == "次回以降の催しの案内メールを受け取る"
        sharing.share(session, event_id=event_id, host_name=INSTITUTE, actor_id=None, now=NOW)
        noted = session.scalars(select(AuditEntry).where(AuditEntry.action == "people_shared")).one().after["texts"]
        assert noted == [{"version": row.version, "language": "ja", "text": words, "people": 1}]
    staff = sign_in_to(app, Role.EVENT_MANAGER)
    for page in ("/staff/directory/people/1", "/staff/registrations/1", f"/staff/events/{event_id}/sharing"):
        assert "利用目的: 技術相談のご案内" in staff.get(page).text


def test_a_patron_is_asked_about_once_staff_say_so_and_stays_so_when_the_event_is_saved(app, client, hosted):
    event_id, slug, _parts, _hosts = hosted
    staff = sign_in_to(app, Role.EVENT_MANAGER)
    url = f"/staff/events/{event_id}/sharing/asking"
    assert staff.post(url, data={"host": CITY, "ask": "yes"}).status_code == 302
    assert f"後援の{CITY}に提供することに同意する" in client.get(f"/e/{slug}/apply").text
    with app.app_context(), transaction() as session:
        event = session.get_one(Event, event_id)
        editing.write(session, event, event_queries.plan_of(event))
        assert consents.hosts_of(event) == [INSTITUTE, CENTRE, CITY]
    assert staff.post(url, data={"host": INSTITUTE, "ask": "no"}).status_code == 404
    staff.post(url, data={"host": CITY, "ask": "no"})
    assert CITY not in client.get(f"/e/{slug}/apply").text

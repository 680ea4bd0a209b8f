"""証明書: only those who were checked in, only the parts of which that is true, in two languages; by the own link."""

import datetime as dt

import pytest
from sqlalchemy import update

from eventops import clock
from eventops.accounts.models import Role
from eventops.checkin.models import Scan
from eventops.database import transaction
from eventops.events.models import EventKind
from eventops.printing import attendance
from eventops.printing.certificates import Attended, Certificate, Issuer, Kind, certificates_pdf
from eventops.registration.writing import addresses
from eventops.settings import service as settings
from eventops.settings.queries import OrganiserProfile
from tests.checkin.arrange import code_of, make_attendee, make_door, on_the_day, scan
from tests.conftest import sign_in_to
from tests.factories import NOW
from tests.printing.paper import A4, IMPRINT, LONG, NASTY, RARE, at, fonts, joined, sizes, words

AFTER = on_the_day(23, 0)


def issuer(**values) -> Issuer:
    given = {
        "imprint": IMPRINT,
        "event_en": "8th Technology Exchange",
        "venue": "KISTEC海老名本部",
        "name": "一般社団法人多摩協会",
        "name_en": "TAMA Association",
        "kind": Kind.ATTENDANCE,
    }
    return Issuer(**(given | values))


def certificate(**values) -> Certificate:
    part = Attended(title="第1部 講演", title_en="Part 1: Lecture", starts_at=at(13), ends_at=at(17))
    given = {"number": "M08-0001-1", "company": "株式会社霞精密", "name": "若宮 大輔", "parts": (part,)}
    return Certificate(**(given | values))


def test_it_says_who_was_where_and_who_says_so_in_two_languages():
    pdf = certificates_pdf(issuer(), [certificate(company=RARE, name="髙﨑 𠮷栁")])
    [page] = words(pdf)

    assert sizes(pdf) == {A4}
    for part in (
        "M08-0001-1", RARE, "髙﨑 𠮷栁 様", "第1部 講演", "Part 1: Lecture", "令和9年1月15日(金) 13:00〜17:00",
        "Certificate of Attendance", "8th Technology Exchange", "TAMA Association",
        "令和8年11月21日", "21 November 2026",
    ):  # fmt: skip
        assert part in page
    assert "参加証明書" in joined(page)
    assert {embedded for _name, embedded in fonts(pdf)} == {True}


def test_a_course_is_called_one_and_what_has_no_english_stays_away():
    part = Attended(title="講座", title_en="", starts_at=at(13), ends_at=at(17))
    [page] = words(certificates_pdf(issuer(kind=Kind.COURSE, event_en="", name_en=""), [certificate(parts=(part,))]))

    assert ("受講証明書" in joined(page), "Certificate of Course Attendance" in page) == (True, True)
    assert "15 January" not in page


@pytest.mark.parametrize("hostile", [LONG, NASTY, "A" * 60])
def test_long_and_hostile_words_stay_on_one_sheet(hostile):
    pdf = certificates_pdf(issuer(name=hostile, venue=hostile), [certificate(company=hostile, name=hostile)] * 2)

    assert [joined(page).count(joined(hostile)) for page in words(pdf)] == [4, 4]


@pytest.fixture
def event(session):
    profile = OrganiserProfile(name="一般社団法人多摩協会", alias="TAMA", name_en="TAMA Association")
    settings.save_organiser(session, profile=profile, actor_id=None, now=NOW)
    return make_door(session)


def titles(session, event, **values):
    made = attendance.certificates(session, event, now=values.pop("now", AFTER), **values)
    return {one.name: [part.title for part in one.parts] for one in made}


def test_only_who_was_checked_in_and_only_for_those_parts(session, event):
    came, left, refused, practised, undone = (
        make_attendee(session, event, (name, "", "ア", "")) for name in ("来た", "途中", "別", "練習", "取消")
    )
    for part in (1, 2):
        scan(session, event, code_of(came), part=part)
    scan(session, event, code_of(left))
    scan(session, event, code_of(refused) + "X")
    scan(session, event, code_of(practised), at=on_the_day() - dt.timedelta(days=2))
    scan(session, event, code_of(undone))
    session.flush()
    session.execute(update(Scan).where(Scan.attendee_id == undone.id).values(is_undone=True))

    assert titles(session, event) == {"来た": ["第1部 講演", "第2部 交流会"], "途中": ["第1部 講演"]}
    assert titles(session, event, now=on_the_day(18)) == {"来た": ["第1部 講演"], "途中": ["第1部 講演"]}
    assert titles(session, event, part_ids={event.parts[1].id}) == {"来た": ["第2部 交流会"]}
    assert titles(session, event, registration_id=left.registration_id) == {"途中": ["第1部 講演"]}
    assert titles(session, event, now=on_the_day(14)) == {}


def test_guests_find_theirs_on_their_own_page_after_the_event(app, session, event, monkeypatch):
    came, stayed_away = make_attendee(session, event), make_attendee(session, event)
    scan(session, event, code_of(came))
    event.kind = EventKind.SEMINAR
    session.commit()
    tokens = [addresses.token(one.registration) for one in (came, stayed_away)]
    client = app.test_client()

    def offered():
        return ["受講証明書(PDF)" in client.get(f"/r/{token}").text for token in tokens]

    monkeypatch.setattr(clock, "now", lambda: on_the_day(14))
    assert offered() == [False, False]
    monkeypatch.setattr(clock, "now", lambda: AFTER)
    assert offered() == [True, False]
    got = [client.get(f"/r/{token}/certificate.pdf") for token in tokens]
    assert [one.status_code for one in got] == [200, 404]
    assert "第1部 講演" in words(got[0].data)[0]
    assert client.get(f"/r/{tokens[0][:-2]}xx/certificate.pdf").status_code == 404


def test_staff_print_all_at_once(app, session, event, monkeypatch):
    for _number in range(2):
        scan(session, event, code_of(make_attendee(session, event)))
    session.commit()
    monkeypatch.setattr(clock, "now", lambda: AFTER)
    client = sign_in_to(app, Role.READ_ONLY)
    address = f"/staff/events/{event.id}/certificates"

    assert "2名の証明書を作る" in client.get(address).text
    assert "2名の証明書を作る" in client.get(f"{address}?lang=ja").text
    pages = words(client.get(f"{address}?kind=attendance&part=&pdf=1").data)
    assert [("参加証明書" in joined(page), "一般社団法人多摩協会" in page) for page in pages] == [(True, True)] * 2
    assert "証明書を出す方はいません" in client.get(f"{address}?kind=course&part={event.parts[1].id}&pdf=1").text
    assert client.get(f"{address}?kind=none&part=").status_code == 422


def test_the_replaced_link_opens_no_certificate(app, session, event, monkeypatch):
    person = make_attendee(session, event)
    scan(session, event, code_of(person))
    session.commit()
    token = addresses.token(person.registration)
    with app.app_context(), transaction() as other:
        other.get(type(person.registration), person.registration_id).link_issue += 1
    monkeypatch.setattr(clock, "now", lambda: AFTER)

    assert app.test_client().get(f"/r/{token}/certificate.pdf").status_code == 404


def test_for_one_application_only_its_own_scans_are_read(session, event):
    came, other = make_attendee(session, event), make_attendee(session, event)
    for one in (came, other):
        scan(session, event, code_of(one))

    def read(registration_id):
        return attendance._parts_by_attendee(session, event, now=AFTER, registration_id=registration_id)

    assert (set(read(came.registration_id)), set(read(None))) == ({came.id}, {came.id, other.id})


@pytest.mark.parametrize("paper", ["r/none/certificate.pdf", "r/none/ticket.pdf", "m/none/timetable.pdf"])
def test_papers_of_guests_are_not_made_without_limit(make_app, paper):
    client = make_app(RATELIMIT_ENABLED=True).test_client()

    assert [client.get(f"/{paper}").status_code for _number in range(31)] == [404] * 30 + [429]

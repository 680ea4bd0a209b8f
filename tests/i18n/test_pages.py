"""What guests see in English and in Japanese: never the other language where the program itself speaks."""

import datetime as dt
import html
import re
from dataclasses import dataclass
from functools import partial

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from eventops.database import db, transaction
from eventops.events.models import Event
from eventops.mail.models import Letter
from eventops.meetings.models import Application, MeetingTable, Need, Room, Slot
from eventops.meetings.timetable.letters import token_of
from eventops.meetings.timetable.models import ParticipantPage, Timetable, TimetableMeeting, TimetableState
from eventops.registration import service
from eventops.registration.writing import addresses
from tests.factories import NOW, make_organisation, make_person
from tests.i18n.catalogue import english_on, japanese_on
from tests.meetings.sheets import make_round
from tests.registration.arrange import application, entrant, make_new_year

LANGUAGES = ("en", "ja")
ENTRY = {
    "company": "Blue Sky Ltd.",
    "company_kana": "ブルースカイ",
    "family_name": "Smith",
    "given_name": "Jane",
    "family_kana": "スミス",
    "given_kana": "ジェーン",
    "email": "jane@bluesky.example.com",
    "proposal_title": "Fine holes",
    "proposal_text": "0.3 mm",
    "no_secrets": "y",
}
APPLICATION = {
    "organisation_name": "Blue Sky Ltd.",
    "organisation_kana": "ブルースカイ",
    "claim": "general",
    "email": "jane@bluesky.example.com",
    "email_again": "jane@bluesky.example.com",
    "phone": "00-1234-5678",
    "if_full": "wait",
    "payment_method": "bank_transfer",
    "privacy": "y",
    "attendees-0-family_name": "Smith",
    "attendees-0-given_name": "Jane",
    "attendees-0-family_kana": "スミス",
    "attendees-0-given_kana": "ジェーン",
}


def leaks(page: str, lang: str) -> list[str]:
    return japanese_on(page) if lang == "en" else english_on(page)


@dataclass(frozen=True, slots=True)
class Guest:
    """A browser that has chosen a language; every page it opens is looked through."""

    client: FlaskClient
    lang: str

    def opens(self, url: str, status: int = 200) -> str:
        return self._looked(self.client.get(f"{url}?lang={self.lang}"), status)

    def sends(self, url: str, data: dict[str, str], status: int = 200) -> str:
        return self._looked(self.client.post(f"{url}?lang={self.lang}", data=data, follow_redirects=True), status)

    def _looked(self, page, status: int) -> str:
        assert (page.status_code, leaks(page.text, self.lang)) == (status, [])
        assert f'<html lang="{self.lang}"' in page.text
        return str(page.text)


@pytest.fixture(params=LANGUAGES)
def lang(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def guest(client: FlaskClient, lang: str) -> Guest:
    return Guest(client, lang)


def test_the_pages_of_the_demonstration(demonstration: Flask, lang: str) -> None:
    guest = Guest(demonstration.test_client(), lang)
    with demonstration.app_context():
        slugs = [event.slug for event in db.session.scalars(select(Event)) if event.state in ("published", "closed")]
    assert len(slugs) > 1
    guest.opens("/")
    for slug in slugs:
        guest.opens(f"/e/{slug}/")
        guest.opens(f"/e/{slug}/apply")
    guest.opens(f"/e/{matching_slug(demonstration)}/needs")
    guest.opens("/e/nothing-here/", 404)
    guest.opens("/r/no-such-link", 404)


def matching_slug(app: Flask) -> str:
    with app.app_context():
        return db.session.scalars(select(Need)).first().round.event.slug


def open_event(session: Session, **values: object) -> Event:
    closes = dt.datetime(2036, 1, 8, 8, 0, tzinfo=dt.UTC)
    fields = {"held_on": dt.date(2036, 1, 15), "applications_close_at": closes, "title_en": "New Year Lecture"}
    return make_new_year(session, **(fields | values))


def test_from_the_form_to_the_page_of_thanks(app: Flask, guest: Guest) -> None:
    with app.app_context(), transaction() as session:
        parts = [part.id for part in open_event(session).parts]
    guest.sends("/e/newyear/apply", {}, 422)
    wishes = {f"attendees-0-part_{part}": "onsite" for part in parts}
    page = guest.sends("/e/newyear/apply", APPLICATION | wishes)
    hidden = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page)
    guest.sends("/e/newyear/apply", {name: html.unescape(value) for name, value in hidden} | {"step": "send"})

    with app.app_context():
        letter = db.session.scalars(select(Letter)).one()
        assert (letter.language, "We have received your registration" in letter.subject) == (
            guest.lang,
            guest.lang == "en",
        )
        assert ("Tue 15 January 2036" in letter.body, "令和18年1月15日(火)" in letter.body) == (
            guest.lang == "en",
            guest.lang == "ja",
        )
        assert leaks(letter.body, guest.lang) == []


def test_the_private_page_and_what_can_be_changed_there(app: Flask, guest: Guest) -> None:
    with app.app_context(), transaction() as session:
        event = open_event(session)
        made = service.register(
            session, application(event, entrant(event), entrant(event, 1), language=guest.lang), now=NOW
        )
        url, person = f"/r/{addresses.token(made)}", made.attendees[0].id
    page = guest.opens(url)
    assert ("Total fee ¥" in " ".join(re.sub(r"<[^>]+>", " ", page).split())) == (guest.lang == "en")
    for rest in ("/thanks", f"/people/{person}", f"/people/{person}/substitute", f"/people/{person}/parts", "/cancel"):
        guest.opens(url + rest)
    guest.sends(f"{url}/people/{person}", {"family_name": ""}, 422)
    guest.sends(f"{url}/cancel", {"attendees": str(person), "person": str(person)})


@pytest.mark.parametrize("kind", ["received", "changed", "promoted", "cancelled"])
def test_letters_are_written_in_the_language_of_the_applicant_whoever_causes_them(app: Flask, kind: str) -> None:
    from eventops.registration.writing import letters, letters_seats

    write = partial(letters_seats.promoted, moved=()) if kind == "promoted" else getattr(letters, kind)
    with app.app_context(), transaction() as session:
        event = open_event(session)
        for language, staff in (("en", "ja"), ("ja", "en")):
            email = f"{language}@umibe.example.jp"
            made = service.register(session, application(event, language=language, email=email), now=NOW)
            made.revision += 1
            with app.test_request_context(f"/?lang={staff}"):
                letter = write(session, made, event, now=NOW)
            assert (letter.language, leaks(f"{letter.subject}\n{letter.body}", language)) == (language, [])
            assert (letter.body.count("¥13,000") or letter.body.count("¥")) == (1 if language == "en" else 0)


def make_need_to_apply_to(session: Session) -> Need:
    found = make_round(session)
    found.event.applications_close_at = dt.datetime(2036, 1, 8, 8, 0, tzinfo=dt.UTC)
    host = make_organisation(session, "株式会社星", "ホシ")
    need = Need(
        round_id=found.id, code="N01", organisation_id=host.id, title="微細な穴", description="深い穴", tables=1
    )
    session.add(need)
    session.flush()
    return need


def test_an_application_to_a_need(app: Flask, guest: Guest) -> None:
    with app.app_context(), transaction() as session:
        make_need_to_apply_to(session)
    guest.opens("/e/m08/needs")
    guest.opens("/e/m08/needs/N01/apply")
    guest.sends("/e/m08/needs/N01/apply", {}, 422)
    guest.sends("/e/m08/needs/N01/apply", ENTRY)

    with app.app_context():
        letter = db.session.scalars(select(Letter)).one()
        assert (letter.language, leaks(f"{letter.subject}\n{letter.body}", guest.lang)) == (guest.lang, [])
        assert ("We have received your application" in letter.subject) == (guest.lang == "en")


def test_a_personal_timetable(app: Flask, guest: Guest) -> None:
    with app.app_context(), transaction() as session:
        need = make_need_to_apply_to(session)
        token = publish_one_meeting(session, need)
    page = guest.opens(f"/m/{token}")
    assert ("Table 1" in page, "卓1" in page) == (guest.lang == "en", guest.lang == "ja")
    guest.opens("/m/no-such-link", 404)


def publish_one_meeting(session: Session, need: Need) -> str:
    sme = make_organisation(session, "株式会社青空精密", "アオゾラセイミツ", code="O9001")
    person = make_person(session, sme)
    room = Room(round_id=need.round_id, code="R9", name="研修室", position=9)
    session.add(room)
    session.flush()
    table = MeetingTable(room_id=room.id, number=1)
    slot = session.scalars(select(Slot).where(Slot.round_id == need.round_id)).first()
    wish = Application(
        round_id=need.round_id,
        code="A001",
        need_id=need.id,
        organisation_id=sme.id,
        person_id=person.id,
        submitted_at=NOW,
    )
    timetable = Timetable(
        round_id=need.round_id, version=1, state=TimetableState.PUBLISHED, created_at=NOW, published_at=NOW
    )
    page = ParticipantPage(round_id=need.round_id, organisation_id=sme.id)
    session.add_all((table, wish, timetable, page))
    session.flush()
    session.add(TimetableMeeting(timetable_id=timetable.id, application_id=wish.id, slot_id=slot.id, table_id=table.id))
    session.flush()
    return token_of(page)

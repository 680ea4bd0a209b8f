"""Staff's list and page of registrations: what is shown to whom, and every change that staff make."""

import datetime as dt
import re

import pytest
from sqlalchemy import select

from eventops.accounts.models import AuditEntry, Role
from eventops.database import transaction
from eventops.events import providers
from eventops.events.models import Eligibility, Event, Mode, PriceCategory
from eventops.mail.models import Letter
from eventops.registration import service
from eventops.registration.commands import Claim, Entrant, PersonDetails
from eventops.registration.listing import roster
from eventops.registration.listing.roster import Filter, Paying, Show
from eventops.registration.models import Attendee, AttendeeTag, IfFull, Place, Registration
from eventops.registration.writing import addresses
from tests.factories import NOW
from tests.registration.arrange import application, entrant, make_new_year
from tests.registration.test_apply import filled

OPEN_END = dt.datetime(2036, 1, 8, 8, 0, tzinfo=dt.UTC)
COMPANIES = (
    ("株式会社海辺工業", "ウミベコウギョウ"),
    ("青空精密株式会社", "アオゾラセイミツ"),
    ("株式会社ダイチ製作所", "ダイチセイサクショ"),
    ("有限会社竹林", "タケバヤシ"),
)
PERSON = {"family_name": "鈴木", "given_name": "実", "family_kana": "すずき", "given_kana": "ミノル"}


def arrange(app, *, applications=1, people=1, **values):
    """An event with applications of companies whose order of coming is not the order of the syllabary."""
    fields = {"held_on": dt.date(2036, 1, 15), "applications_close_at": OPEN_END} | values
    with app.app_context(), transaction() as session:
        event = make_new_year(session, **fields)
        for number in range(applications):
            name, kana = COMPANIES[number % len(COMPANIES)]
            entrants = [entrant(event, number + index) for index in range(people)]
            command = application(
                event, *entrants, organisation_name=name, organisation_kana=kana, email=f"{number}@example.jp"
            )
            service.register(session, command, now=NOW)
        return event.id


def look(app, model):
    with app.app_context(), transaction() as session:
        return session.scalars(select(model).order_by(model.id)).all()


def shown(page):
    """The numbers of the people on the page, in their order."""
    return re.findall(r'<td class="narrow">(\d{4}-\d+)</td>', page.text)


def test_the_list_is_in_the_order_of_the_syllabary_with_its_rows(app, sign_in):
    event_id = arrange(app, applications=4)
    page = sign_in(Role.READ_ONLY).get(f"/staff/events/{event_id}/registrations")
    assert shown(page) == ["0002-1", "0001-1", "0003-1", "0004-1"]
    assert re.findall(r'<tr class="kana-row"><th [^>]*>(.)</th>', page.text) == ["ア", "タ"]


def test_an_empty_list_says_what_comes_here(app, sign_in):
    event_id = arrange(app, applications=0)
    page = sign_in(Role.EVENT_MANAGER).get(f"/staff/events/{event_id}/registrations")
    assert ("申込はまだありません" in page.text, "手で登録" in page.text) == (True, True)


def test_the_filters_show_who_they_say_and_count_them(app, session):
    event = make_new_year(session, venue=2, party=2)
    for number, values in enumerate(({}, {"claim": Claim.MEMBER}, {}, {"if_full": IfFull.ONLINE})):
        parts = [1] if number == 3 else None
        service.register(session, application(event, entrant(event, number, parts=parts), **values), now=NOW)
    first = session.get(Attendee, 1)
    first.dietary_need, first.paid_at, first.paid_yen = "そば", NOW, first.fee_yen
    session.add_all(AttendeeTag(attendee_id=4, tag=tag) for tag in (roster.MARK, "役員"))
    session.flush()

    def found(**wanted):
        return [p.registration.number for p in roster.people(session, event, Filter(**wanted), page=1)]

    expected = {
        Show.ACTIVE: [1, 2, 3, 4],
        Show.CONFIRMED: [1, 2, 4],
        Show.WAITING: [3],
        Show.CANCELLED: [],
        Show.MARKED: [4],
        Show.CHECK: [2],
        Show.NEEDS: [1],
    }
    assert {show: found(show=show) for show in Show} == expected
    counts = {show: len(numbers) for show, numbers in expected.items()}
    assert roster.overview(session, event) == roster.Overview(counts, {"役員": 1}, owed=8000, paid=5000)
    assert found(part_id=event.parts[1].id) == [1, 2, 3]
    assert (found(category=PriceCategory.MEMBER), found(tag="役員"), found(tag="役")) == ([2], [4], [])
    assert {paying: found(paying=paying) for paying in Paying} == {
        Paying.UNPAID: [2],
        Paying.BY_TRANSFER: [2],
        Paying.IN_CASH: [],
        Paying.PAID: [1],
        Paying.FREE: [3, 4],
    }
    assert roster.tags(session, event) == {"★": 1, "役員": 1}


@pytest.mark.parametrize(
    ("fragment", "expected"),
    [
        ("たかはし", ["高橋"]),
        ("ﾀｶ", ["高橋"]),
        ("高橋 一郎", ["高橋"]),
        ("海辺", ["山田", "高橋"]),
        ("ウミベ たか", ["高橋"]),
        ("umibe", ["山田", "高橋"]),
        ("0002-1", ["高橋"]),
        ("0002-2", []),
        ("2", ["高橋"]),
        ("5678", ["山田", "高橋"]),
        ("%", []),
        ("ソラ", []),
    ],
)
def test_people_are_found_by_reading_company_number_and_phone(session, fragment, expected):
    event = make_new_year(session)
    for index in (0, 2):
        service.register(session, application(event, entrant(event, index)), now=NOW)
    found = roster.people(session, event, roster.Filter(search=fragment), page=1)
    assert [person.family_name for person in found] == expected


def test_what_is_said_about_health_is_only_for_those_in_charge(app, sign_in):
    event_id = arrange(app)
    with app.app_context(), transaction() as session:
        person = session.get(Attendee, 1)
        person.dietary_need, person.accommodation_request = "えびアレルギー", "車いす"
    urls = (f"/staff/events/{event_id}/registrations", "/staff/registrations/1")
    for role, sees in ((Role.READ_ONLY, False), (Role.RECEPTION, True), (Role.EVENT_MANAGER, True)):
        client = sign_in(role)
        pages = [client.get(url).text for url in urls]
        assert [("えびアレルギー" in page, "車いす" in page) for page in pages] == [(sees, sees)] * 2
    hidden = sign_in(Role.READ_ONLY).get(urls[0] + "?show=needs")
    assert ("配慮あり" in hidden.text, shown(hidden)) == (False, ["0001-1"])


def test_the_page_tells_everything_and_what_happened(app, sign_in):
    arrange(app, people=2)
    client = sign_in(Role.EVENT_MANAGER)
    page = client.get("/staff/registrations/1")
    for text in (
        "株式会社海辺工業",
        "0001-1",
        "0001-2",
        "10,000円",
        "申し込んだ",
        "お申込みを受け付けました",
        "未照合",
    ):
        assert text in page.text
    assert client.get("/staff/registrations/99").status_code == 404
    plain = sign_in(Role.READ_ONLY).get("/staff/registrations/1")
    assert ("代理の方に変更" in plain.text, "/r/" in plain.text) == (False, False)


@pytest.mark.parametrize(
    "path", ["/note", "/price", "/link", "/people/1", "/people/1/substitute", "/people/1/parts", "/cancel"]
)
def test_those_who_only_look_change_nothing(app, sign_in, path):
    arrange(app)
    for role in (Role.READ_ONLY, Role.RECEPTION):
        assert sign_in(role).post("/staff/registrations/1" + path, data=PERSON).status_code == 403
    assert (look(app, Attendee)[0].family_name, len(look(app, Letter))) == ("山田", 1)


def test_staff_correct_substitute_and_note(app, sign_in):
    arrange(app)
    client = sign_in(Role.EVENT_MANAGER)
    for path in ("/people/1", "/people/1/substitute", "/people/1/parts", "/cancel"):
        assert client.get("/staff/registrations/1" + path).status_code == 200
    assert client.post("/staff/registrations/1/people/1", data=PERSON).status_code == 302
    assert client.post("/staff/registrations/1/people/1/substitute", data=PERSON).status_code == 302
    assert client.post("/staff/registrations/1/note", data={"staff_note": "来賓の随行"}).status_code == 302
    (person,) = look(app, Attendee)
    assert (person.full_kana, person.ticket_issue) == ("スズキ ミノル", 2)
    page = client.get("/staff/registrations/1")
    assert ("来賓の随行" in page.text, "山田 太郎 → 鈴木 実" in page.text) == (True, True)
    actors = {entry.actor_id for entry in look(app, AuditEntry) if entry.action != "registration_made"}
    assert None not in actors
    assert client.post("/staff/registrations/1/people/1", data={"family_name": ""}).status_code == 422


def test_the_fee_category_needs_a_reason_and_a_person(app, sign_in):
    arrange(app, people=2)
    client = sign_in(Role.EVENT_MANAGER)
    choice = {"people": ["1"], "category": "member", "reason": "会員証を確認"}
    without_reason = client.post("/staff/registrations/1/price", data=choice | {"reason": " "})
    without_people = client.post("/staff/registrations/1/price", data=choice | {"people": []})
    assert (without_reason.status_code, without_people.status_code) == (422, 422)
    assert "変更する参加者を選んでください" in without_people.text
    assert client.post("/staff/registrations/1/price", data=choice).status_code == 302
    assert [person.fee_yen for person in look(app, Attendee)] == [3000, 5000]
    assert "理由: 会員証を確認" in client.get("/staff/registrations/1").text


def test_staff_cancel_people_with_or_without_the_fee(app, sign_in):
    arrange(app, people=3)
    client = sign_in(Role.EVENT_MANAGER)
    nobody = client.post("/staff/registrations/1/cancel", data={"keeps_fee": "no"})
    assert (nobody.status_code, "取り消す参加者を選んでください" in nobody.text) == (422, True)
    client.post("/staff/registrations/1/cancel", data={"people": ["1"], "keeps_fee": "no"})
    client.post("/staff/registrations/1/cancel", data={"people": ["2"], "keeps_fee": "yes"})
    assert [(p.state, p.fee_yen) for p in look(app, Attendee)] == [
        ("cancelled", 0),
        ("cancelled", 5000),
        ("active", 5000),
    ]
    assert look(app, Registration)[0].total_yen == 10_000


def test_staff_change_parts_also_after_the_deadline(app, sign_in):
    arrange(app)
    with app.app_context(), transaction() as session:
        session.get(Event, 1).applications_close_at = NOW
    client = sign_in(Role.EVENT_MANAGER)
    done = client.post("/staff/registrations/1/people/1/parts", data={"part_1": "online", "part_2": "none"})
    assert done.status_code == 302
    assert [(place.mode, place.state) for place in look(app, Place) if place.state != "cancelled"] == [
        ("online", "confirmed")
    ]


def test_a_new_link_makes_the_old_one_useless(app, client, sign_in):
    arrange(app)
    with app.app_context():
        old = f"/r/{addresses.token(look(app, Registration)[0])}"
    sign_in(Role.EVENT_MANAGER).post("/staff/registrations/1/link")
    assert client.get(old).status_code == 404
    with app.app_context():
        new = addresses.my_page(look(app, Registration)[0])
    assert new in look(app, Letter)[-1].body


def test_staff_register_by_hand_late_invited_and_without_an_address(app, sign_in):
    event_id = arrange(app, applications=0)
    with app.app_context(), transaction() as session:
        event = session.get(Event, event_id)
        event.applications_close_at = NOW
        event.parts[0].eligibility = Eligibility.INVITED
        parts = [part.id for part in event.parts]
    client = sign_in(Role.EVENT_MANAGER)
    url = f"/staff/events/{event_id}/registrations/new"
    assert client.get(url).status_code == 200
    data = filled(parts, email="", email_again=None, phone="", privacy=None)
    assert client.post(url, data=data | {"add_row": "attendees"}).status_code == 200
    assert client.post(url, data=data | {"organisation_name": ""}).status_code == 422
    made = client.post(url, data=data)
    assert made.headers["Location"] == "/staff/registrations/1"
    (registration,) = look(app, Registration)
    assert (registration.source, registration.email, look(app, Letter)) == ("staff", "", [])
    assert [place.state for place in look(app, Place)] == ["confirmed", "confirmed"]


def test_staff_use_the_reserve_by_hand(app, sign_in):
    event_id = arrange(app, applications=0, venue=1, party=None)
    with app.app_context(), transaction() as session:
        event = session.get(Event, event_id)
        event.parts[0].pools[0].reserved = 1
        parts = [part.id for part in event.parts]
    client, url = sign_in(Role.EVENT_MANAGER), f"/staff/events/{event_id}/registrations/new"
    refused = client.post(url, data=filled(parts[:1], if_full="withdraw") | {f"attendees-0-part_{parts[1]}": "none"})
    assert (refused.status_code, "満席のため" in refused.text) == (422, True)
    client.post(url, data=filled(parts, if_full="withdraw", uses_reserve="y"))
    assert [place.state for place in look(app, Place)] == ["confirmed", "confirmed"]


def test_free_seats_are_offered_to_those_who_wait(app, sign_in):
    event_id = arrange(app, applications=3, venue=1, party=1)
    client = sign_in(Role.EVENT_MANAGER)
    url = f"/staff/events/{event_id}/registrations"
    assert "繰り上げられます" not in client.get(url).text
    with app.app_context(), transaction() as session:
        for part in session.get(Event, event_id).parts:
            part.pools[0].capacity = 2
    assert "2名分を繰り上げてメールを送る" in client.get(url).text
    client.post(url + "/promote")
    assert [place.state for place in look(app, Place)] == ["confirmed"] * 4 + ["waiting"] * 2
    assert "繰り上げられます" not in client.get(url).text


def test_the_pages_about_events_are_told_the_figures(session):
    event = make_new_year(session, venue=1)
    for parts in (None, None, [1]):
        service.register(session, application(event, entrant(event, parts=parts)), now=NOW)
    lecture, party = (part.id for part in event.parts)
    counts = providers.place_counts(session, [event.id])
    assert {key: (count.confirmed, count.waiting, count.ever) for key, count in counts.items()} == {
        (lecture, "onsite"): (1, 2, 3),
        (party, "onsite"): (1, 0, 2),
    }
    numbers = {figure.label: (figure.value, figure.note) for figure in providers.figures(session, [event.id])[event.id]}
    assert (numbers["申込"], numbers["参加費"]) == ((3, "3件"), (5000, "未入金 5,000円"))
    assert providers.parts_in_use(session, [lecture, party]) == {lecture, party}


def test_lists_take_the_same_number_of_statements_for_one_and_for_thirty_rows(app, sign_in, statements):
    client = sign_in(Role.READ_ONLY)
    ids = [arrange(app, slug=f"e{size}", code=f"E{size}", applications=size) for size in (1, 30)]
    counts = []
    for event_id in ids:
        client.get(f"/staff/events/{event_id}/registrations")
        with statements() as found:
            page = client.get(f"/staff/events/{event_id}/registrations")
        counts.append((len(shown(page)), len(found)))
    assert (counts[0][0], counts[1][0]) == (1, 30)
    assert counts[0][1] == counts[1][1]


def test_hostile_names_are_text(app, session, sign_in):
    event = make_new_year(session)
    details = PersonDetails(family_name="<b>山</b>", given_name="{{7*7}}", family_kana="ヤマ", given_kana="タ")
    wishes = {event.parts[0].id: Mode.ONSITE}
    service.register(session, application(event, Entrant(details=details, wishes=wishes)), now=NOW)
    session.commit()
    client = sign_in(Role.EVENT_MANAGER)
    for url in (f"/staff/events/{event.id}/registrations", "/staff/registrations/1"):
        page = client.get(url).text
        assert ("&lt;b&gt;山&lt;/b&gt; {{7*7}}" in page, "<b>山</b>" in page) == (True, False)
    assert "{{7*7}}" in look(app, Letter)[0].body

"""The private page: what it shows, what may be changed there, and for whom it does not open."""

import datetime as dt
import re

import pytest
from icalendar import Calendar
from sqlalchemy import select

from eventops.database import transaction
from eventops.events.models import Event, Mode
from eventops.registration import service, tickets
from eventops.registration.models import Attendee, IfFull, Registration
from eventops.registration.writing import addresses
from tests.factories import NOW
from tests.registration.arrange import application, entrant, make_new_year

OPEN_END = dt.datetime(2036, 1, 8, 8, 0, tzinfo=dt.UTC)
PERSON = {"family_name": "鈴木", "given_name": "実", "family_kana": "すずき", "given_kana": "ミノル"}


def arrange(app, *, people=2, applications=1, mode=Mode.ONSITE, if_full=IfFull.WAIT, **values):
    """An event with applications; the addresses of their private pages."""
    fields = {"held_on": dt.date(2036, 1, 15), "applications_close_at": OPEN_END} | values
    with app.app_context(), transaction() as session:
        event = make_new_year(session, **fields)
        parts = [1] if mode is Mode.ONLINE else None
        made = []
        for _time in range(applications):
            entrants = [entrant(event, index, mode=mode, parts=parts) for index in range(people)]
            made.append(service.register(session, application(event, *entrants, if_full=if_full), now=NOW))
        return [f"/r/{addresses.token(registration)}" for registration in made]


def look(app, model):
    with app.app_context(), transaction() as session:
        return session.scalars(select(model).order_by(model.id)).all()


def test_it_shows_a_ticket_for_each_person_with_a_code_that_names_nobody(app, client):
    (url,) = arrange(app)
    page = client.get(url)
    assert page.status_code == 200
    assert page.headers["Cache-Control"] == "no-store"
    assert [number in page.text for number in ("0001-1", "0001-2", "0001-3")] == [True, True, False]
    assert page.text.count('class="ticket-qr"') == 2
    for shown in (
        "山田 太郎",
        "佐藤 花子",
        "会場で参加",
        "10,000円",
        "お申込みを受け付けました",
        "送信待ち",
        "参加証(PDF)",
    ):
        assert shown in page.text


def test_who_takes_part_online_has_no_symbol_and_sees_the_address_of_the_transmission(app, client):
    (url,) = arrange(app, people=1, mode=Mode.ONLINE, online_url="https://video.example.jp/room")
    page = client.get(url)
    assert ('class="ticket-qr"' in page.text, "https://video.example.jp/room" in page.text) == (False, True)


def test_the_address_of_the_transmission_is_not_for_those_at_the_venue(app, client):
    (url,) = arrange(app, people=1, online_url="https://video.example.jp/room")
    assert "https://video.example.jp/room" not in client.get(url).text


def test_waiting_people_see_their_position(app, client):
    urls = arrange(app, people=1, applications=3, venue=1)
    assert [re.findall(r"(\d)番目", client.get(url).text) for url in urls] == [[], ["1", "1"], ["2", "2"]]


@pytest.mark.parametrize("path", ["", "/thanks", "/calendar.ics", "/cancel", "/people/1", "/people/1/parts"])
def test_made_up_and_replaced_links_open_nothing(app, client, path):
    (url,) = arrange(app)
    assert client.get(f"/r/WzEsMV0.AAAA{path}").status_code == 404
    assert client.get(url[:-1] + ("A" if url[-1] != "A" else "B") + path).status_code == 404
    assert client.get(url + path).status_code == 200
    with app.app_context(), transaction() as session:
        session.get(Registration, 1).link_issue = 2
    assert client.get(url + path).status_code == 404


def test_a_link_does_not_reach_the_people_of_another(app, client):
    mine, _other = arrange(app, people=1, applications=2)
    for path in ("/people/2", "/people/2/substitute", "/people/2/parts"):
        assert client.get(mine + path).status_code == 404
        assert client.post(mine + path, data=PERSON).status_code == 404
    assert client.get(mine + "/people/2/parts/1/seat").status_code == 404
    assert client.post(mine + "/people/2/parts/1/seat", data={"target": "online"}).status_code == 404
    assert client.post(mine + "/cancel", data={"person": 2}).status_code == 200
    assert [person.state for person in look(app, Attendee)] == ["active", "active"]


def test_a_name_is_corrected(app, client):
    (url,) = arrange(app)
    assert "山田" in client.get(url + "/people/1").text
    assert client.post(url + "/people/1", data=PERSON).headers["Location"] == url
    assert next((p.full_name, p.full_kana, p.ticket_issue) for p in look(app, Attendee)) == (
        "鈴木 実",
        "スズキ ミノル",
        1,
    )


def test_a_substitute_gets_a_new_code_under_the_old_number(app, client):
    (url,) = arrange(app)
    assert "山田 太郎 様の代わりに" in client.get(url + "/people/1/substitute").text
    client.post(url + "/people/1/substitute", data=PERSON)
    page = client.get(url)
    assert ("鈴木 実" in page.text, "0001-1" in page.text, "代理の方に変更しました" in page.text) == (True, True, True)
    assert [person.ticket_issue for person in look(app, Attendee)] == [2, 1]


def test_wrong_names_are_answered_beside_the_field(app, client):
    (url,) = arrange(app)
    page = client.post(url + "/people/1", data=PERSON | {"family_kana": "鈴木"})
    assert (page.status_code, "フリガナはカタカナで" in page.text, 'value="実"' in page.text) == (422, True, True)


def test_parts_are_changed_and_a_refusal_keeps_the_choice(app, client):
    (url,) = arrange(app, people=1, online=0)
    lecture, party = 1, 2
    assert client.get(url + "/people/1/parts").status_code == 200
    done = client.post(url + "/people/1/parts", data={f"part_{lecture}": "onsite", f"part_{party}": "none"})
    assert done.status_code == 302
    with app.app_context(), transaction() as session:
        session.get(Event, 1).parts[1].pools[0].capacity = 0
    choice = {f"part_{lecture}": "onsite", f"part_{party}": "onsite", "if_full": "withdraw"}
    refused = client.post(url + "/people/1/parts", data=choice)
    assert (refused.status_code, "満席のため" in refused.text) == (422, True)
    made_up = client.post(url + "/people/1/parts", data={f"part_{lecture}": "moon"})
    assert made_up.status_code == 422


def test_cancelling_asks_first_names_the_people_and_moves_the_next_up(app, client):
    urls = arrange(app, people=2, applications=2, venue=2, party=2)
    asked = client.get(urls[0] + "/cancel?person=2")
    assert ("次の1名のお申込みを取り消します" in asked.text, "佐藤 花子" in asked.text) == (True, True)
    assert "山田 太郎" not in asked.text
    client.post(urls[0] + "/cancel", data={"person": 2})
    assert [person.state for person in look(app, Attendee)] == ["active", "cancelled", "active", "active"]
    page = client.get(urls[1]).text
    assert len(re.findall(r'class="badge[^<]*<svg.*?会場で参加', page)) == 2
    assert "山田 太郎 様 第1部 新春講演会: 会場のキャンセル待ち → 会場で参加" in page
    assert "取消や変更で席が空いたため" in page
    client.post(urls[0] + "/cancel")
    page = client.get(urls[0])
    assert ("このお申込みは取消済みです" in page.text, "お申込みをすべて取り消す" in page.text) == (True, False)
    assert client.get(urls[0] + "/cancel").status_code == 200


def test_a_late_cancellation_says_what_it_costs(app, client):
    (url,) = arrange(app, free_cancellation_until=NOW)
    assert "参加費 10,000円 のご負担をお願いします" in client.get(url + "/cancel").text


def test_after_the_event_the_page_sends_to_the_secretariat(app, client):
    past = {"held_on": dt.date(2026, 1, 15), "applications_close_at": NOW + dt.timedelta(days=1)}
    (url,) = arrange(app, **past)
    page = client.get(url)
    assert ("事務局までご連絡ください" in page.text, "代理の方に変更" in page.text) == (True, False)
    refused = client.post(url + "/people/1/substitute", data=PERSON)
    assert (refused.status_code, "変更できる期限を過ぎました" in refused.text) == (422, True)
    assert client.get(url + "/cancel").headers["Location"] == url


def test_the_calendar_holds_the_parts_and_takes_cancelled_ones_out(app, client):
    (url,) = arrange(app, people=1)
    response = client.get(url + "/calendar.ics")
    assert response.content_type == "text/calendar; method=PUBLISH; charset=utf-8"
    first = Calendar.from_ical(response.data).walk("VEVENT")
    assert [(str(e["summary"]), str(e["status"]), e["sequence"]) for e in first] == [
        ("令和9年新春講演会・賀詞交歓会 第1部 新春講演会", "CONFIRMED", 0),
        ("令和9年新春講演会・賀詞交歓会 第2部 懇親会", "CONFIRMED", 0),
    ]
    assert first[0].decoded("dtstart") == dt.datetime(2036, 1, 15, 8, tzinfo=dt.UTC)
    assert str(first[0]["location"]) == "KISTEC海老名本部"
    client.post(url + "/people/1/parts", data={"part_1": "onsite", "part_2": "none"})
    second = Calendar.from_ical(client.get(url + "/calendar.ics").data).walk("VEVENT")
    assert [(str(e["status"]), e["sequence"], e["uid"]) for e in second] == [
        ("CONFIRMED", 1, first[0]["uid"]),
        ("CANCELLED", 1, first[1]["uid"]),
    ]


def test_the_symbol_holds_a_code_that_reads_back(app):
    arrange(app, people=1)
    (person,) = look(app, Attendee)
    code = tickets.issue(tickets.TicketRef(person.id, person.ticket_issue), key=app.config["TICKET_KEY"])
    assert tickets.read(code, key=app.config["TICKET_KEY"]) == tickets.TicketRef(person.id, 1)


def test_the_page_takes_the_same_number_of_statements_for_ten_people(app, client, statements):
    one, ten = arrange(app, people=1), arrange(app, people=10, slug="other", code="O2")
    counts = []
    for (url,) in (one, ten):
        client.get(url)
        with statements() as found:
            client.get(url)
        counts.append(len(found))
    assert counts[0] == counts[1]


def test_an_address_too_many_is_refused_beside_the_field(app, client):
    (url,) = arrange(app, people=1)
    client.post(f"{url}/telling", data={"tells": "yes"})
    answers = [client.post(f"{url}/people/1", data=PERSON | {"email": f"{n}@example.jp"}) for n in "abcde"]
    assert [one.status_code for one in answers] == [302, 302, 302, 302, 422]
    refusal = answers[-1].text
    assert "メールアドレスの変更が続いています" in refusal
    assert 'value="e@example.jp"' in refusal


def test_letters_to_participants_stand_with_their_own_address(app, client):
    (url,) = arrange(app, people=1)
    client.post(f"{url}/telling", data={"tells": "yes"})
    client.post(f"{url}/people/1", data=PERSON | {"email": "taro@example.jp"})
    listed = client.get(url).text.partition("お送りしたメール")[2].partition("</ul>")[0]
    sent = re.findall(r"<li>.*?</li>", listed, re.S)
    assert [("ご参加のご案内" in one, "taro@example.jp" in one) for one in sent] == [(True, True), (False, False)]

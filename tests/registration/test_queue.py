"""The waiting list on staff's side and the seats on the guest's: what stands there, and what the buttons do."""

import datetime as dt
import re

import pytest
from sqlalchemy import select

from eventops.accounts.models import Role
from eventops.database import transaction
from eventops.events.models import Pool, Promotion
from eventops.mail.models import Letter
from eventops.registration import changes, service
from eventops.registration.desk import open_desk
from eventops.registration.models import IfFull, Registration
from eventops.registration.seats import switching
from eventops.registration.seats.stands import Stand
from eventops.registration.writing import addresses
from tests.factories import NOW
from tests.registration.arrange import application, entrant, make_new_year

OPEN_END = dt.datetime(2036, 1, 8, 8, 0, tzinfo=dt.UTC)
SEAT = "/people/{}/parts/1/seat"


def arrange(app, *, applications=3, people=1, if_full=IfFull.WAIT, together=False, **values):
    """An event with one seat at the venue; the addresses of the private pages."""
    fields = {"held_on": dt.date(2036, 1, 15), "applications_close_at": OPEN_END, "venue": 1} | values
    with app.app_context(), transaction() as session:
        event = make_new_year(session, **fields)
        urls = []
        for minutes in range(applications):
            entrants = [entrant(event, n, parts=[1]) for n in range(people if minutes else 1)]
            command = application(event, *entrants, if_full=if_full, keeps_together=together)
            made = service.register(session, command, now=NOW + dt.timedelta(minutes=minutes))
            urls.append(f"/r/{addresses.token(made)}")
        return urls


def cancel_the_first(app):
    with app.app_context(), transaction() as session:
        desk = open_desk(session, 1, now=NOW)
        changes.cancel(desk, attendee_ids=[1])


def standing(app):
    """Where the first person of each application stands in the lecture."""
    with app.app_context(), transaction() as session:
        found = session.scalars(select(Registration).order_by(Registration.id)).all()
        return [switching.stand(one.attendees[0], one.event.parts[0].id) for one in found]


def test_online_now_and_the_place_in_line_is_kept_by_one_press(app, client):
    urls = arrange(app)
    page = client.get(urls[1] + SEAT.format(2)).text
    assert re.findall(r'name="target"[^>]*value="(\w+)"', page) == ["online_and_queue", "online", "none"]
    assert "オンラインで参加しながら、会場の空きを待つ（順番はそのまま）" in page
    assert client.post(urls[1] + SEAT.format(2), data={"target": "online_and_queue"}).headers["Location"] == urls[1]
    page = client.get(urls[1]).text
    assert "オンラインで参加しながら、会場のキャンセル待ち" in page
    assert (
        "山田 太郎 様 第1部 新春講演会: 会場のキャンセル待ち → オンラインで参加しながら、会場のキャンセル待ち" in page
    )
    cancel_the_first(app)
    assert standing(app) == [Stand.NONE, Stand.VENUE, Stand.QUEUE]


@pytest.mark.parametrize(("target", "said"), [("", "どれか一つを選んでください。"), ("venue", "満席のため")])
def test_a_way_that_is_not_open_is_refused_in_words(app, client, target, said):
    urls = arrange(app)
    answer = client.post(urls[1] + SEAT.format(2), data={"target": target})
    assert (answer.status_code, said in answer.text) == (422, True)
    assert standing(app) == [Stand.VENUE, Stand.QUEUE, Stand.QUEUE]


def test_an_offer_stands_on_top_of_the_page_and_is_answered_there(app, client):
    urls = arrange(app, promotion=Promotion.REPLY)
    cancel_the_first(app)
    assert "お席をご案内しています" not in client.get(urls[1]).text  # the arranging was long ago
    with app.app_context(), transaction() as session:
        for place in session.get_one(Registration, 2).attendees[0].places:
            place.offered_until = OPEN_END
    page = client.get(urls[1]).text
    assert "参加する</button>" in page
    assert "1月8日(火) 17:00 まで" in page
    assert "お席の辞退" in client.get(urls[1] + "/offer").text
    client.post(urls[1] + "/offer", data={"answer": "accept"})
    assert standing(app)[1] == Stand.VENUE
    refused = client.post(urls[1] + "/offer", data={"answer": "accept"})
    assert (refused.status_code, "次の方へ回りました" in refused.text) == (422, True)


def test_people_who_wait_in_company_say_how(app, client):
    urls = arrange(app, people=2, applications=2, together=True)
    page = client.get(urls[1]).text
    assert "いまは「全員分の席がそろうまで、一緒に待つ」です。" in page
    client.post(urls[1] + "/together", data={"together": "no"})
    page = client.get(urls[1]).text
    assert ("いまは「空いた席から、一人ずつ順に参加する」です。" in page, "順番の待ち方を変更しました" in page) == (
        True,
        True,
    )


def test_staff_see_the_line_and_seat_somebody_from_the_reserve(app, sign_in):
    arrange(app, applications=3, venue=2)
    with app.app_context(), transaction() as session:
        pool = session.scalars(select(Pool).where(Pool.capacity == 2)).one()
        pool.capacity, pool.reserved = 3, 1
    staff = sign_in(Role.EVENT_MANAGER)
    page = staff.get("/staff/events/1/queue").text
    assert re.findall(r"/staff/events/1/queue/(\d+)\"", page) == ["3"]
    asked = staff.get("/staff/events/1/queue/3").text
    assert ("取置から 1席" in asked, "定員を" in asked) == (True, False)
    staff.post("/staff/events/1/queue/3", data={"how": "now"})
    assert standing(app) == [Stand.VENUE] * 3
    with app.app_context(), transaction() as session:
        assert session.get_one(Pool, pool.id).reserved == 0
        told = session.scalars(select(Letter.kind).order_by(Letter.id.desc()).limit(1)).one()
        assert told == "registration_promoted"
    assert staff.get("/staff/events/1/queue/3").status_code == 404


def test_more_people_than_seats_only_when_staff_say_so(app, sign_in):
    arrange(app, applications=2)
    staff = sign_in(Role.EVENT_MANAGER)
    assert "定員を 1名超えます" in staff.get("/staff/events/1/queue/2").text
    assert staff.post("/staff/events/1/queue/2").status_code == 422
    assert standing(app) == [Stand.VENUE, Stand.QUEUE]
    staff.post("/staff/events/1/queue/2", data={"beyond": "yes"})
    assert standing(app) == [Stand.VENUE, Stand.VENUE]


def test_a_reserve_is_let_go_and_a_telephone_answer_is_taken(app, sign_in):
    arrange(app, applications=2, venue=1, promotion=Promotion.REPLY)
    with app.app_context(), transaction() as session:
        pool = session.scalars(select(Pool).where(Pool.capacity == 1)).one()
        pool.capacity, pool.reserved = 2, 1
    staff = sign_in(Role.EVENT_MANAGER)
    staff.post(f"/staff/events/1/queue/release/{pool.id}")
    assert standing(app) == [Stand.VENUE, Stand.OFFERED]
    assert "お返事で確定" in staff.get("/staff/events/1/queue").text
    staff.post("/staff/events/1/queue/answer/2/2", data={"answer": "accept"})
    assert standing(app) == [Stand.VENUE, Stand.VENUE]


def test_who_may_only_read_sees_no_buttons_and_is_refused(app, sign_in):
    arrange(app)
    reader = sign_in(Role.READ_ONLY)
    page = reader.get("/staff/events/1/queue")
    assert (page.status_code, "繰り上げる" in page.text) == (200, False)
    assert reader.post("/staff/events/1/queue/2").status_code == 403

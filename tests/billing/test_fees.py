"""Fees: once per event or per part, by category and mode; the tax once per document."""

from eventops.billing.fees import Guest, Line, Price, Quote, contained_tax, quote
from eventops.events.models import Mode, PriceCategory

MEMBER, GENERAL = PriceCategory.MEMBER, PriceCategory.GENERAL
ONSITE, ONLINE = Mode.ONSITE, Mode.ONLINE
LECTURE, PARTY = 1, 2
NEW_YEAR = (Price(None, MEMBER, ONSITE, 3000), Price(None, GENERAL, ONSITE, 5000))


def guest(key=1, category=MEMBER, **seats):
    return Guest(key, category, {int(part.lstrip("p")): mode for part, mode in seats.items()})


def test_the_fee_of_the_event_is_owed_once_however_many_parts_are_attended():
    made = quote(NEW_YEAR, [guest(p1=ONSITE, p2=ONSITE)])
    assert made.lines == (Line(1, None, MEMBER, ONSITE, 3000),)


def test_three_members_and_a_guest_owe_14000_and_the_tax_is_rounded_once():
    people = [guest(1, p1=ONSITE), guest(2, p1=ONSITE), guest(3, p1=ONSITE), guest(4, GENERAL, p1=ONSITE)]
    made = quote(NEW_YEAR, people)
    assert (made.total_yen, made.taxes) == (14_000, {10: 1_272})
    assert [made.of(key) for key in (1, 2, 3, 4)] == [3000, 3000, 3000, 5000]


def test_watching_online_costs_what_online_costs_and_no_seat_costs_nothing():
    assert quote(NEW_YEAR, [guest(p1=ONLINE)]).total_yen == 0
    assert quote((*NEW_YEAR, Price(None, MEMBER, ONLINE, 1000)), [guest(p1=ONLINE)]).total_yen == 1000
    assert quote(NEW_YEAR, [guest()]).lines == ()


def test_one_part_at_the_venue_makes_it_the_fee_of_the_venue():
    prices = (Price(None, MEMBER, ONSITE, 3000), Price(None, MEMBER, ONLINE, 1000))
    assert quote(prices, [guest(p1=ONLINE, p2=ONSITE)]).total_yen == 3000


def test_parts_have_fees_of_their_own():
    prices = (
        Price(LECTURE, MEMBER, ONSITE, 1000),
        Price(PARTY, MEMBER, ONSITE, 4000),
        Price(PARTY, GENERAL, ONSITE, 6000),
    )
    made = quote(prices, [guest(1, p1=ONSITE, p2=ONSITE), guest(2, GENERAL, p2=ONSITE)])
    assert (made.of(1), made.of_part(1, PARTY), made.of(2), made.total_yen) == (5000, 4000, 6000, 11_000)


def test_each_rate_has_its_own_tax():
    lines = (
        Line(1, None, MEMBER, ONSITE, 1080, 8),
        Line(1, PARTY, MEMBER, ONSITE, 3000),
        Line(2, PARTY, MEMBER, ONSITE, 3000),
    )
    assert Quote(lines).taxes == {8: 80, 10: 545}


def test_tax_contained_in_an_amount_is_rounded_down():
    known = {0: 0, 10: 0, 11: 1, 3000: 272, 5000: 454, 14_000: 1_272, 346_000: 31_454}
    assert {yen: contained_tax(yen) for yen in known} == known

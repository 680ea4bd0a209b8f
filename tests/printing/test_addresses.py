"""宛名ラベル: on their labels, from the directory, and what the directory does not know is said."""

import pytest
from sqlalchemy.event import listen, remove

from eventops.accounts.models import Role
from eventops.database import db, transaction
from eventops.directory.models import Site, SiteKind
from eventops.events.models import Event
from eventops.printing import mailing, stocks
from eventops.printing.addresses import Address, addresses_pdf, split_postal_code
from tests.checkin.arrange import make_attendee, make_door
from tests.conftest import sign_in_to
from tests.factories import make_organisation, make_person
from tests.printing.paper import A4, IMPRINT, LONG, NASTY, RARE, joined, sizes, words

FULL = Address(
    postal_code="243-0435",
    address="神奈川県海老名市架空町1-2-3",
    company=RARE,
    department="開発部",
    job_title="部長",
    name="髙﨑 𠮷",
)


@pytest.mark.parametrize("key", list(stocks.ADDRESSES))
def test_a_label_says_all_that_the_post_needs(key):
    labels = stocks.ADDRESSES[key].labels
    pdf = addresses_pdf(IMPRINT, [FULL] * labels, stock=key)
    [page] = words(pdf)

    assert sizes(pdf) == {A4}
    for part in ("〒243-0435", "神奈川県海老名市架空町1-2-3", RARE, "開発部 部長", "髙﨑 𠮷 様"):
        assert joined(page).count(joined(part)) == labels


def test_a_company_alone_is_addressed_as_one():
    [page] = words(addresses_pdf(IMPRINT, [Address(postal_code="", address="東京都", company="霞")], stock="label24"))

    assert (page, "〒" in page) == ("東京都 霞 御中", False)


@pytest.mark.parametrize(("count", "first", "pages"), [(0, 1, 1), (12, 1, 1), (12, 2, 2)])
def test_from_the_label_that_was_named(count, first, pages):
    assert len(words(addresses_pdf(IMPRINT, [FULL] * count, stock="label12", first=first))) == pages


@pytest.mark.parametrize("hostile", [LONG, NASTY, "A" * 60])
def test_long_and_hostile_words_stay_on_their_label(hostile):
    long = Address(postal_code="", address=hostile, company=hostile, department=hostile, name=hostile)
    [page] = words(addresses_pdf(IMPRINT, [FULL, long, FULL], stock="label24"))

    assert joined(page).count(joined(hostile)) == 4


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("〒243-0435 神奈川県海老名市", ("243-0435", "神奈川県海老名市")),
        ("2430435、神奈川県", ("243-0435", "神奈川県")),
        ("神奈川県海老名市1234567", ("", "神奈川県海老名市1234567")),
    ],
)
def test_a_postal_code_is_known_by_its_place(typed, found):
    assert split_postal_code(typed) == found


@pytest.mark.parametrize(
    ("prefecture", "city", "street", "found"),
    [
        ("東京都", "八王子市", "旭町9-1", "東京都八王子市旭町9-1"),
        ("東京都", "八王子市", "八王子市旭町9-1", "東京都八王子市旭町9-1"),
        ("東京都", "八王子市", "東京都八王子市旭町9-1", "東京都八王子市旭町9-1"),
        ("東京都", "八王子市", "東京都 旭町9-1", "東京都八王子市旭町9-1"),
        ("", "八王子市", "東京都八王子市旭町9-1", "東京都八王子市旭町9-1"),
        ("神奈川県", "", "神奈川県横浜市港北区1-1", "神奈川県横浜市港北区1-1"),
        ("東京都", "八王子市", "京都府京都市中京区1-1", "京都府京都市中京区1-1"),
        ("", "", "旭町9-1", "旭町9-1"),
    ],
)
def test_prefecture_and_city_stand_once(prefecture, city, street, found):
    assert mailing.whole(prefecture, city, street) == found


def at_work(session, event, organisation, name, **values):
    """Somebody of the directory, at a site of the company where one is named."""
    site = Site(organisation_id=organisation.id, kind=SiteKind.SITE, name="工場", **values) if values else None
    person = make_person(session, organisation, name)
    attendee = make_attendee(session, event, name)
    person.site, attendee.person_id, attendee.registration.organisation_id = site, person.id, organisation.id
    session.flush()
    return attendee


def test_a_label_for_the_applicant_goes_where_the_applicant_is(session):
    event, company = make_door(session), make_organisation(session)
    company.address = "東京都八王子市本社1-1"
    head = at_work(session, event, company, ("本社", "花子", "ホンシャ", "ハナコ"))
    at_work(session, event, company, ("工場", "一郎", "コウジョウ", "イチロウ"), address="山梨県大月市工場2-2")
    extra = at_work(session, event, company, ("足立", "次郎", "アダチ", "ジロウ"), address="山梨県大月市工場3-3")
    extra.registration, extra.position = head.registration, 2
    session.flush()
    session.expire_all()

    def found(*, per_person):
        return {one.name: one.address for one in mailing.of_event(session, event.id, per_person=per_person).addresses}

    assert found(per_person=False) == {"本社 花子": "東京都八王子市本社1-1", "工場 一郎": "山梨県大月市工場2-2"}
    assert found(per_person=True)["足立 次郎"] == "山梨県大月市工場3-3"


def test_one_guest_and_thirty_take_the_same_number_of_statements(session):
    event_id = make_door(session).id

    def statements():
        seen = []
        note = lambda *call: seen.append(call[2])  # noqa: E731
        session.flush()
        session.expunge_all()
        listen(db.engine, "before_cursor_execute", note)
        found = mailing.of_event(session, event_id, per_person=True)
        remove(db.engine, "before_cursor_execute", note)
        return len(found.addresses), len(seen)

    def add(number):
        event, company = session.get_one(Event, event_id), make_organisation(session, f"会社{number}")
        at_work(session, event, company, ("山田", "太郎", "ヤマダ", "タロウ"), address="山梨県大月市工場2-2")

    add(0)
    count, few = statements()
    for number in range(1, 30):
        add(number)
    assert (count, statements()) == (1, (30, few))


def test_labels_come_from_the_directory_and_what_is_missing_is_said(app):
    with app.app_context(), transaction() as session:
        event = make_door(session)
        known = make_organisation(session, "株式会社青空精密")
        known.prefecture, known.city, known.address = "東京都", "八王子市", "〒192-0000 架空町1-2"
        colleague = make_attendee(session, event, department="開発部")
        colleague.registration.organisation_id = known.id
        make_attendee(session, event, ("無", "住所", "ム", "ジュウショ"), company="住所なし有限会社")
        session.flush()
        session.expire_all()
        event_id = event.id
        found = mailing.of_event(session, event_id, per_person=True)

        assert [(one.postal_code, one.address, one.department) for one in found.addresses] == [
            ("192-0000", "東京都八王子市架空町1-2", "開発部")
        ]
    client = sign_in_to(app, Role.READ_ONLY)
    page = client.get(f"/staff/events/{event_id}/addresses").text
    assert ("1枚の宛名を作る" in page, "住所なし有限会社" in page) == (True, True)
    address = f"/staff/events/{event_id}/addresses?who=company&stock=label12&first=2&pdf=1"
    assert words(client.get(address).data) == ["〒192-0000 東京都八王子市架空町1-2 株式会社青空精密 山田 太郎 様"]
    assert client.get(address.replace("first=2", "first=13")).status_code == 422

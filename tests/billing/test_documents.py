"""Invoices and receipts: what is printed, how tax is rounded, numbers, copies, and taking back."""

import pytest
from sqlalchemy import select

from eventops.billing import addressing, archive, documents, items, paper
from eventops.billing.documents import Wish
from eventops.billing.items import Split
from eventops.billing.models import Document, DocumentFile, DocumentKind, Form, NeverChanged
from eventops.billing.refusals import NothingToDocument, NotPaidYet, TakenBackAlready
from eventops.registration import changes
from eventops.registration.desk import open_desk
from tests.billing.arrange import FOUR, T_NUMBER, TODAY, make_group, make_organiser, pay
from tests.factories import NOW
from tests.printing.paper import fonts, joined, sizes, words

COMPANY = Wish(party="株式会社海辺工業")


def receipts(session, registration, wish=COMPANY):
    return documents.receipts(session, registration_id=registration.id, wish=wish, actor_id=None, now=NOW)


def invoices(session, registration, wish=COMPANY):
    return documents.invoices(session, registration_id=registration.id, wish=wish, actor_id=None, now=NOW)


def text(document, copy=0):
    (page,) = words(paper.document_pdf(document, copy=copy))
    return joined(page)


def test_four_people_of_one_company_get_one_receipt_with_its_tax_rounded_once(session):
    make_organiser(session)
    registration = make_group(session)
    pay(session, registration, FOUR)

    (receipt,) = receipts(session, registration)

    assert (receipt.total_yen, receipt.tax_percent, receipt.tax_yen) == (FOUR, 10, 1272)
    assert (receipt.form, receipt.number_text, receipt.dated_on) == (Form.QUALIFIED, "2026-R00001", TODAY)
    page = text(receipt)
    for said in (
        "領収書",
        "(適格請求書)",
        "株式会社海辺工業御中",
        "¥14,000",
        "令和8年11月21日(土)",
        "但し令和9年新春講演会・賀詞交歓会参加費として",
        "参加費(会員)3,000円39,000円",
        "参加費(一般)5,000円15,000円",
        "10%対象14,000円",
        "うち消費税額等1,272円",
        f"登録番号{T_NUMBER}",
        "一般社団法人首都圏産業活性化協会",
    ):
        assert said in page
    pdf = paper.document_pdf(receipt)
    assert sizes(pdf) == {(210, 297)}
    assert all(embedded for _name, embedded in fonts(pdf))


@pytest.mark.parametrize("kind", [DocumentKind.INVOICE, DocumentKind.RECEIPT])
def test_without_a_registration_number_nothing_claims_to_be_qualified(session, kind):
    make_organiser(session, number="")
    registration = make_group(session)
    pay(session, registration, FOUR)

    (made,) = (invoices if kind == DocumentKind.INVOICE else receipts)(session, registration)

    assert made.form == Form.PLAIN
    page = text(made)
    assert "1,272円" in page
    assert ("適格" in page, "登録番号" in page) == (False, False)


def test_a_receipt_to_nobody_is_a_simplified_one(session):
    make_organiser(session)
    registration = make_group(session)
    pay(session, registration, FOUR)
    (receipt,) = receipts(session, registration, Wish(party="  "))
    assert (receipt.form, receipt.party, receipt.honorific) == (Form.SIMPLIFIED, "", "")
    assert "(適格簡易請求書)" in text(receipt)


@pytest.mark.parametrize(
    ("wish", "expected"),
    [
        (Wish(party="株式会社海辺工業"), ("株式会社海辺工業", "御中")),
        (Wish(party="㈱髙﨑製作所"), ("㈱髙﨑製作所", "御中")),
        (Wish(party="山田 太郎"), ("山田 太郎", "様")),
        (Wish(party="山田 太郎 様"), ("山田 太郎", "様")),
        (Wish(party="海辺商店街御中"), ("海辺商店街", "御中")),
        (Wish(party="海辺工業", honorific="御中"), ("海辺工業", "御中")),
        (Wish(party="株式会社海辺工業 総務部"), ("株式会社海辺工業 総務部", "御中")),
        (Wish(party="海辺商工会議所"), ("海辺商工会議所", "御中")),
        (Wish(party="株式会社海辺工業 山田太郎"), ("株式会社海辺工業 山田太郎", "様")),
    ],
)
def test_the_name_is_printed_as_requested_with_what_belongs_after_it(session, wish, expected):
    registration = make_group(session)
    assert addressing.addressed(registration, wish.party, wish.honorific) == expected


@pytest.mark.parametrize(
    ("company", "applicant", "party", "expected"),
    [
        ("株式会社山田", "山田", "株式会社山田", "御中"),
        ("株式会社山田", "山田", "㈱山田", "御中"),
        ("海辺商工会議所", "海辺商工会議所", "海辺商工会議所", "御中"),
        ("株式会社山田商店", "総務部", "株式会社山田商店 総務部", "御中"),
        ("海辺商工会議所", "山田太郎", "海辺商工会議所 本部", "御中"),
        ("海辺商工会議所", "阿部", "海辺商工会議所 阿部", "様"),
        ("株式会社山田商店", "山田太郎", "服部", "様"),
        ("株式会社山田商店", "山田太郎", "長谷部", "様"),
    ],
)
def test_companies_with_names_of_people_and_people_with_names_like_units(session, company, applicant, party, expected):
    registration = make_group(session, people=1)
    registration.organisation_name, registration.applicant_name = company, applicant
    assert addressing.addressed(registration, party)[1] == expected


def test_private_people_are_named_themselves(session):
    registration = make_group(session, people=1)
    registration.organisation_name, registration.applicant_name = "個人", "般 次"
    assert addressing.addressed(registration, addressing.usual(registration)) == ("般 次", "様")


def test_the_invoice_is_there_at_once_and_says_where_and_until_when_to_pay(session):
    registration = make_group(session)
    (invoice,) = invoices(session, registration)
    page = text(invoice)
    assert (invoice.kind, invoice.number_text, invoice.total_yen) == (DocumentKind.INVOICE, "2026-S00001", FOUR)
    assert "お支払期限令和8年12月5日(土)" in page
    assert "ご依頼人名の前にNEWYEAR-0001を付けてください" in page


def test_the_same_invoice_comes_back_until_what_is_owed_changes(session):
    registration = make_group(session)
    (first,) = invoices(session, registration)
    assert [one.id for one in invoices(session, registration)] == [first.id]

    desk = open_desk(session, registration.id, now=NOW)
    changes.cancel(desk, attendee_ids=[registration.attendees[0].id])
    (second,) = invoices(session, registration)

    assert (second.number, second.total_yen, second.tax_yen) == (2, 11_000, 1000)
    taking = session.scalars(select(Document).where(Document.counters_id == first.id)).one()
    assert (taking.number_text, taking.title, taking.total_yen) == ("2026-H00001", "請求取消通知書", FOUR)


def test_no_receipt_before_the_money_has_come_and_none_twice(session):
    registration = make_group(session)
    with pytest.raises(NotPaidYet):
        receipts(session, registration)
    pay(session, registration, FOUR)
    assert len(receipts(session, registration)) == 1
    with pytest.raises(NothingToDocument):
        receipts(session, registration)


def test_one_receipt_for_each_person(session):
    registration = make_group(session)
    pay(session, registration, FOUR)
    made = receipts(session, registration, Wish(party="株式会社海辺工業", split=Split.PERSON))
    assert [(one.number, one.total_yen, one.tax_yen) for one in made] == [
        (1, 3000, 272),
        (2, 3000, 272),
        (3, 3000, 272),
        (4, 5000, 454),
    ]
    assert (made[0].party, made[0].honorific) == ("株式会社海辺工業 山田 太郎", "様")


def test_who_has_paid_alone_gets_a_receipt_alone_and_the_rest_later(session):
    registration = make_group(session)
    pay(session, registration, 5000, attendee_id=registration.attendees[3].id)
    (first,) = receipts(session, registration)
    pay(session, registration, 9000)
    (second,) = receipts(session, registration)
    assert (first.total_yen, [line.name for line in first.lines]) == (5000, ["伊藤 次郎"])
    assert (second.total_yen, second.tax_yen) == (9000, 818)


def test_a_receipt_is_taken_back_for_who_has_cancelled(session):
    make_organiser(session)
    registration = make_group(session)
    pay(session, registration, FOUR)
    (receipt,) = receipts(session, registration)
    gone = registration.attendees[3].id
    changes.cancel(open_desk(session, registration.id, now=NOW), attendee_ids=[gone])

    taking = documents.take_back(
        session, document_id=receipt.id, reason="1名の取消", attendee_ids=[gone], actor_id=None, now=NOW
    )

    assert (taking.title, taking.total_yen, taking.tax_yen) == ("適格返還請求書", 5000, 454)
    assert "もとの書類領収書2026-R00001(令和8年11月21日(土))" in text(taking)
    known = documents.of_registration(session, registration.id)
    assert sum(item.yen for item in documents.left(known, receipt)) == 9000
    with pytest.raises(NothingToDocument):
        receipts(session, registration)


def test_what_goes_back_is_judged_part_by_part(session):
    make_organiser(session)
    registration = make_group(session, people=1, general=1)
    person = registration.attendees[0]
    person.places[0].fee_yen, person.places[1].fee_yen = 2000, 3000
    pay(session, registration, 5000)
    lecture, party = receipts(session, registration, Wish(party="株式会社海辺工業", split=Split.PART))
    person.places[1].fee_yen, person.fee_yen = 0, 2000

    titles = [
        documents.take_back(session, document_id=one.id, reason="懇親会の取消", actor_id=None, now=NOW).title
        for one in (lecture, party)
    ]

    assert titles == ["領収取消書", "適格返還請求書"]


def test_a_wrong_name_is_put_right_by_taking_back_all_and_issuing_anew(session):
    make_organiser(session)
    registration = make_group(session)
    pay(session, registration, FOUR)
    (wrong,) = receipts(session, registration)
    taking = documents.take_back(session, document_id=wrong.id, reason="宛名の訂正", actor_id=None, now=NOW)
    assert (taking.title, "お返しいたします" in text(taking)) == ("領収取消書", False)
    (right,) = receipts(session, registration, Wish(party="海辺ホールディングス株式会社"))
    assert (right.number, right.total_yen) == (2, FOUR)
    with pytest.raises(TakenBackAlready):
        documents.take_back(session, document_id=wrong.id, reason="もう一度", actor_id=None, now=NOW)


def test_a_reissue_says_that_it_is_one(session):
    registration = make_group(session)
    pay(session, registration, FOUR)
    (receipt,) = receipts(session, registration)
    assert "再発行" not in text(receipt)
    assert "再発行(2回目)" in text(receipt, copy=2)


def test_a_document_comes_out_alike_whenever_it_is_set(session):
    registration = make_group(session)
    (invoice,) = invoices(session, registration)
    assert paper.document_pdf(invoice) == paper.document_pdf(invoice)


def test_nothing_of_a_document_is_changed_or_deleted(session):
    registration = make_group(session)
    (invoice,) = invoices(session, registration)
    session.commit()
    invoice.total_yen = 1
    with pytest.raises(NeverChanged):
        session.flush()
    session.rollback()
    session.delete(invoice)
    with pytest.raises(NeverChanged):
        session.flush()


def test_a_stored_copy_that_was_tampered_with_is_not_handed_out(session):
    registration = make_group(session)
    (invoice,) = invoices(session, registration)
    content = paper.document_pdf(invoice)
    file = archive.keep(session, document_id=invoice.id, copy=0, content=content, actor_id=None, now=NOW)
    assert len(file.sha256) == 64
    session.commit()
    session.execute(DocumentFile.__table__.update().values(content=content + b"x"))
    session.expire_all()
    with pytest.raises(archive.Damaged):
        archive.kept(session, document_id=invoice.id, copy=0)


def test_the_copy_that_was_stored_first_counts(session):
    registration = make_group(session)
    (invoice,) = invoices(session, registration)
    first = archive.keep(session, document_id=invoice.id, copy=0, content=b"first", actor_id=None, now=NOW)
    again = archive.keep(session, document_id=invoice.id, copy=0, content=b"second", actor_id=None, now=NOW)
    assert (again.id, again.content) == (first.id, b"first")


def test_fees_of_parts_stand_on_documents_of_their_own(session):
    registration = make_group(session, people=1, general=1)
    person = registration.attendees[0]
    person.places[0].fee_yen, person.places[1].fee_yen = 2000, 3000
    group = items.owed(registration)
    assert [(item.text, item.yen) for item in group] == [
        ("第1部 新春講演会 参加費(一般)", 2000),
        ("第2部 懇親会 参加費(一般)", 3000),
    ]
    assert [len(part) for part in items.parted(group, Split.PART)] == [1, 1]

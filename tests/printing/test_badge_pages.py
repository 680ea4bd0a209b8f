"""The pages of badges: printing them, how they look, and who may do what."""

import io
import struct
import zlib
from html.parser import HTMLParser

import pypdfium2
import pytest

from eventops.accounts.models import Role
from eventops.database import db, transaction
from eventops.printing.logos import LARGEST, Fault, fault
from eventops.printing.models import BadgeLayout, BadgeLogo, BadgeRun
from tests.checkin.arrange import make_attendee, make_door
from tests.conftest import sign_in_to
from tests.factories import NOW
from tests.printing.paper import picture, scanned, sizes, words
from tests.printing.test_badges import LOGO


@pytest.fixture
def ids(app):
    with app.app_context(), transaction() as session:
        event = make_door(session)
        long = {"company": "㈱たいへんに長い名前の精密製作所", "company_kana": "カ"}
        people = [
            make_attendee(session, event, company_kana="ア"),
            make_attendee(session, event, ("髙﨑", "𠮷", "タカサキ", "ヨシ"), **long),
        ]
        return event.id, [one.id for one in people]


def asked(**values):
    """What the page of badges sends."""
    return {"category": "", "part": "", "from_row": "", "to_row": "", "stock": "card10", "first": "", **values}


def layout_fields(page):
    """What a browser would send of the form as it stands."""

    class Fields(HTMLParser):
        found: dict = {}  # noqa: RUF012
        select = ""

        def handle_starttag(self, tag, attrs):
            given = dict(attrs)
            if tag == "select":
                self.select = given["name"]
            if tag == "option" and "selected" in given:
                self.found[self.select] = given["value"]
            kind = given.get("type", "text")
            is_sent = kind not in ("checkbox", "radio", "file") or "checked" in given
            if tag == "input" and is_sent and "name" in given:
                self.found[given["name"]] = given.get("value", "")

    reader = Fields()
    reader.found = {}
    reader.feed(page.split('id="badge-form"')[1].split("</form>")[0])
    return reader.found


def test_printing_marks_each_badge_and_says_by_whom(app, ids):
    event_id, _people = ids
    client = sign_in_to(app, Role.RECEPTION)
    page = client.get(f"/staff/events/{event_id}/badges").text
    assert "2名の名札を作る" in page

    made = client.post(f"/staff/events/{event_id}/badges", data=asked(first="３"))
    page = client.get(made.headers["Location"]).text
    pdf = client.get(f"/staff/events/{event_id}/badges/runs/1.pdf").data

    assert (made.status_code, "2名の名札ができました" in page, "試験 reception" in page) == (303, True, True)
    assert "印刷する方はいません" in page
    assert len(scanned(picture(pdf, dots_per_inch=200))) == 2
    again = client.post(f"/staff/events/{event_id}/badges", data=asked(), follow_redirects=True)
    assert "印刷する方はいません" in again.text
    client.post(f"/staff/events/{event_id}/badges/runs/1/undo")
    assert "2名の名札を作る" in client.get(f"/staff/events/{event_id}/badges").text


def test_a_label_that_the_sheet_does_not_have_is_refused(app, ids):
    event_id, _people = ids
    client = sign_in_to(app, Role.RECEPTION)
    refused = client.post(f"/staff/events/{event_id}/badges", data=asked(stock="roll62x29", first="2"))

    assert (refused.status_code, "この用紙は1面です。" in refused.text) == (422, True)
    with app.app_context():
        assert db.session.query(BadgeRun).count() == 0


def test_one_badge_at_the_desk_asks_before_it_prints_twice(app, ids):
    event_id, people = ids
    client = sign_in_to(app, Role.RECEPTION)
    address = f"/staff/events/{event_id}/badges/person/{people[1]}"

    pdf = client.post(address, follow_redirects=True)
    assert (pdf.mimetype, "髙﨑" in words(pdf.data)[0]) == ("application/pdf", True)
    refused = client.post(address)
    assert (refused.status_code, "印刷済み" in refused.text, "もう一度印刷する" in refused.text) == (409, True, True)
    assert client.post(address, data={"again": "1"}).status_code == 303
    assert client.get(f"/staff/events/{event_id}/badges/person/999999").status_code == 404


def test_badges_open_the_door_and_are_only_for_those_who_work_there(app, ids):
    event_id, people = ids
    reader, desk = sign_in_to(app, Role.READ_ONLY), sign_in_to(app, Role.RECEPTION)
    desk.post(f"/staff/events/{event_id}/badges", data=asked())

    for path in ("badges", "badges/runs/1.pdf", f"badges/person/{people[0]}", "badges/layout"):
        assert reader.get(f"/staff/events/{event_id}/{path}").status_code == 403
    assert desk.get(f"/staff/events/{event_id}/badges/layout").status_code == 403
    assert scanned(picture(reader.get(f"/staff/events/{event_id}/badges/proof.pdf").data)) == []
    assert desk.get(f"/staff/events/{event_id + 1}/badges/runs/1.pdf").status_code == 404


def test_a_layout_is_seen_saved_taken_back_and_inherited(app, ids):
    event_id, _people = ids
    with app.app_context(), transaction() as session:
        copy_id = make_door(session, slug="m09", copied_from_id=event_id).id
        other_id = make_door(session, slug="m10").id
    client = sign_in_to(app, Role.EVENT_MANAGER)
    address = f"/staff/events/{event_id}/badges/layout"
    sent = layout_fields(client.get(address).text) | {"stock": "a6", "word_member": "正会員", "size_free": "small"}
    sent |= {"free_text": "会場内は禁煙です"}

    assert client.post(f"{address}/preview", data=sent).text.count("data:image/png;base64,") == 2
    assert "標準のデザイン" in client.get(address).text
    assert client.post(address, data=sent).status_code == 303
    assert "この行事だけのデザイン" in client.get(address).text
    client.post(f"/staff/events/{event_id}/badges", data=asked(stock="a6"))
    pdf = client.get(f"/staff/events/{event_id}/badges/runs/1.pdf").data
    assert (sizes(pdf), "会場内は禁煙です" in words(pdf)[0]) == ({(105, 148)}, True)

    def stock_of(one):
        return layout_fields(client.get(f"/staff/events/{one}/badges/layout").text)["stock"]

    assert [stock_of(one) for one in (event_id, copy_id, other_id)] == ["a6", "a6", "card10"]
    assert "これから作る行事の標準にもします" in client.post(address, data={**sent, "for_house": "1"}).text
    assert stock_of(other_id) == "card10"
    client.post(address, data={name: said for name, said in sent.items() if "unasked" not in name} | {"for_house": "1"})
    assert stock_of(other_id) == "a6"
    client.post(f"{address}/undo")
    assert [stock_of(one) for one in (event_id, other_id)] == ["a6", "card10"]
    client.post(address, data={**sent, "stock": "roll62x29"})
    client.post(f"{address}/reset")
    client.post(f"{address}/undo")
    assert stock_of(event_id) == "roll62x29"
    client.post(f"{address}/undo")
    assert stock_of(event_id) == "a6"


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("word_member", "", "入力してください。"),
        ("word_member", "あ" * 13, "12文字まで"),
        ("tone_member", "red", "色を選び直してください。"),
        ("tone_member", "#123456\n", "色を選び直してください。"),
        ("shift_x", "99", "-15から15まで"),
        ("shift_x", "あ", "数字で入力してください。"),
        ("stock", "none", ""),
    ],
)
def test_what_cannot_be_printed_is_said_beside_the_field(app, ids, field, value, said):
    event_id, _people = ids
    client = sign_in_to(app, Role.EVENT_MANAGER)
    address = f"/staff/events/{event_id}/badges/layout"
    sent = layout_fields(client.get(address).text) | {field: value}
    refused = client.post(address, data=sent)

    form = refused.text.split('id="badge-form"')[1].split('class="badge-preview"')[0]
    assert (refused.status_code, said in form.split("</ul>", 1)[1]) == (422, True)
    assert "見本が出ます" in client.post(f"{address}/preview", data=sent).text


def test_a_logo_is_kept_shown_and_taken_off(app, ids):
    event_id, _people = ids
    client = sign_in_to(app, Role.EVENT_MANAGER)
    address = f"/staff/events/{event_id}/badges/layout"

    def send(**more):
        return client.post(address, data=layout_fields(client.get(address).text) | more)

    shown = send(logo=(io.BytesIO(LOGO), "logo.png"), preview="1")
    assert (shown.status_code, layout_fields(shown.text)["logo_id"]) == (200, "1")
    client.post(address, data=layout_fields(shown.text))
    assert layout_fields(client.get(address).text)["logo_id"] == "1"
    send(no_logo="y")
    assert layout_fields(client.get(address).text)["logo_id"] == ""
    with app.app_context():
        assert [db.session.query(one).count() for one in (BadgeLogo, BadgeLayout)] == [1, 2]


def test_a_file_that_is_no_picture_is_refused_and_not_kept(app, ids):
    event_id, _people = ids
    client = sign_in_to(app, Role.EVENT_MANAGER)
    address = f"/staff/events/{event_id}/badges/layout"
    broken = LOGO[:40] + b"broken" + bytes(30)
    for content in (broken, b"<svg xmlns='http://www.w3.org/2000/svg'/>", b""):
        for where, status in ((address, 422), (f"{address}/preview", 200)):
            sent = layout_fields(client.get(address).text) | {"logo": (io.BytesIO(content), "logo.png")}
            refused = client.post(where, data=sent)
            assert (refused.status_code, "PNGかJPEGの画像を選んでください。" in refused.text) == (status, True)
    with app.app_context():
        assert db.session.query(BadgeLogo).count() == 0


@pytest.mark.parametrize("logo_id", ["987654", "1; drop", "9" * 30])
def test_a_logo_that_is_not_there_is_none(app, ids, logo_id):
    event_id, _people = ids
    client = sign_in_to(app, Role.EVENT_MANAGER)
    address = f"/staff/events/{event_id}/badges/layout"
    sent = layout_fields(client.get(address).text) | {"logo_id": logo_id}

    assert client.post(address, data=sent).status_code == 303
    assert layout_fields(client.get(address).text)["logo_id"] == ""


def test_a_layout_that_cannot_be_drawn_is_not_saved_and_a_stored_one_can_be_mended(app, ids):
    event_id, _people = ids
    client = sign_in_to(app, Role.EVENT_MANAGER)
    address = f"/staff/events/{event_id}/badges/layout"
    with app.app_context(), transaction() as session:
        looks = {"member": {"word": "会員", "tone": "#123456\n"}}
        session.add(BadgeLayout(event_id=event_id, settings={"looks": looks}, saved_at=NOW))

    page = client.get(address)
    assert (page.status_code, "この内容では名札を作れません。" in page.text) == (200, True)
    client.post(f"{address}/undo")
    assert "data:image/png" in client.get(address).text


def png(width, height):
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + b"IHDR" + head + struct.pack(">I", zlib.crc32(b"IHDR" + head))


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (LOGO, None),
        (png(2400, 1), None),
        (png(2401, 1), Fault.TOO_MANY_PIXELS),
        (png(0, 1), Fault.KIND),
        (b"\xff\xd8\xff\xe0\x00\x04ab\xff\xc0\x00\x11\x08\x0b\xb8\x00\x10" + bytes(20), Fault.TOO_MANY_PIXELS),
        (b"\xff\xd8\xff\xe0\x00\x04ab\xff\xc0\x00\x11\x08\x00\x10\x00\x10" + bytes(20), None),
        (b"\xff\xd8\xff", Fault.KIND),
        (LOGO + bytes(LARGEST), Fault.TOO_LARGE),
        (b"GIF89a" + bytes(30), Fault.KIND),
    ],
)
def test_pictures_are_judged_before_they_are_unpacked(data, found):
    assert fault(data) == found


def test_without_guests_the_page_says_what_comes_first(app):
    with app.app_context(), transaction() as session:
        event_id = make_door(session).id
    client = sign_in_to(app, Role.RECEPTION)
    assert "名札を印刷する方がまだいません" in client.get(f"/staff/events/{event_id}/badges").text
    assert client.get(f"/staff/events/{event_id}/badges/proof.pdf").status_code == 422
    manager = sign_in_to(app, Role.EVENT_MANAGER)
    assert "data:image/png" in manager.get(f"/staff/events/{event_id}/badges/layout").text


def test_a_sheet_that_was_begun(app, ids):
    event_id, _people = ids
    client = sign_in_to(app, Role.RECEPTION)
    client.post(f"/staff/events/{event_id}/badges", data=asked(first="10"))
    document = pypdfium2.PdfDocument(client.get(f"/staff/events/{event_id}/badges/runs/1.pdf").data)

    assert len(document) == 2

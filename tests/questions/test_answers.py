"""Answers from the public form to the staff's pages: conditions judged by the server, changes, files, substitutes."""

import io
import re

import pytest
from sqlalchemy import select

from eventops.accounts.models import AuditEntry, Role
from eventops.database import transaction
from eventops.questions.models import Answer, AnswerFile, Question
from eventops.registration import changes, queries
from eventops.registration.commands import PersonDetails
from eventops.registration.desk import open_desk
from eventops.registration.models import Registration
from eventops.registration.writing import addresses
from tests.factories import NOW
from tests.questions.arrange import make_asking_event, typed

PDF = b"%PDF-1.7 a panel"


@pytest.fixture
def asking(app):
    """The event's parts and the ids of its questions."""
    with app.app_context(), transaction() as session:
        event, ids = make_asking_event(session)
        return event, ids


@pytest.fixture(autouse=True)
def _today(monkeypatch):
    monkeypatch.setattr("eventops.clock.now", lambda: NOW)


def errors_of(page):
    found = re.findall(r'id="([\w-]+)-error">.*?<span>(.*?)</span>', page.text)
    return {name: sentence.strip() for name, sentence in found}


def hidden_of(page):
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page.text)
    return [(name, value) for name, value in found if name != "csrf_token"]


def post(client, event, fields):
    return client.post(f"/e/{event.slug}/apply", data=fields, content_type="multipart/form-data")


def send(client, event, fields):
    """Over the page of confirmation, as a browser goes."""
    checked = post(client, event, fields)
    assert checked.status_code == 200, errors_of(checked)
    sent = client.post(f"/e/{event.slug}/apply", data=as_form([*hidden_of(checked), ("step", "send")]))
    assert sent.status_code == 302
    return checked


def as_form(pairs):
    fields = {}
    for name, value in pairs:
        fields.setdefault(name, []).append(value)
    return fields


def stored(app):
    with app.app_context(), transaction() as session:
        names = {row.id: row.code for row in session.scalars(select(Question))}
        people = {row.id: row.position for one in session.scalars(select(Registration)) for row in one.attendees}
        rows = session.scalars(select(Answer).order_by(Answer.id)).all()
        return {(names[row.question_id], people.get(row.attendee_id)): row.values for row in rows}


def minimal(ids, **more):
    return {f"q_{ids['transport']}": "car", **more}


def test_required_and_conditional_questions_are_judged_by_the_server(client, asking):
    event, ids = asking
    people = [{f"q_{ids['transport']}": "bus"}, {f"q_{ids['transport']}": "car", f"q_{ids['score']}": "40"}]

    page = post(client, event, typed(event, {f"q_{ids['exhibits']}": "yes"}, people))

    assert page.status_code == 422
    assert errors_of(page) == {
        f"q_{ids['panel']}": "選んでください。",
        f"attendees-0-q_{ids['station']}": "入力してください。",
        f"attendees-1-q_{ids['score']}": "60以上の数にしてください。",
    }


def test_answers_go_over_the_confirmation_into_the_database_without_those_that_were_not_asked(app, client, asking):
    event, ids = asking
    first = {
        f"q_{ids['transport']}": "seat",
        f"q_{ids['station']}": "海老名駅",
        f"q_{ids['allergies']}": ["egg", "milk"],
        f"q_{ids['allergies_other']}": "書いたが選んでいない",
        f"q_{ids['birth']}": "昭和32年3月4日",
    }
    second = {f"q_{ids['transport']}": "car", f"q_{ids['station']}": "使わない駅"}

    checked = send(client, event, typed(event, {f"q_{ids['exhibits']}": "no"}, [first, second]))

    assert "海老名駅" in checked.text
    assert "卵、乳" in checked.text
    assert "1957年3月4日" in checked.text
    assert "使わない駅</dd>" not in checked.text
    assert stored(app) == {
        ("exhibits", None): ["no"],
        ("transport", 1): ["seat"],
        ("station", 1): ["海老名駅"],
        ("allergies", 1): ["egg", "milk"],
        ("birth", 1): ["1957-03-04"],
        ("transport", 2): ["car"],
    }


def test_a_file_waits_from_page_to_page_and_is_fetched_by_staff_as_an_attachment(app, client, sign_in, asking):
    event, ids = asking
    name = f"q_{ids['panel']}"
    fields = typed(event, {f"q_{ids['exhibits']}": "yes"}, [minimal(ids)])

    wrong = post(client, event, fields | {name: (io.BytesIO(b"<script>"), "panel.pdf")})
    other = post(client, event, fields | {name: (io.BytesIO(PDF), "../../パネル 案.pdf"), "email_again": "x@y.jp"})
    carried = dict(hidden_of(other))[f"{name}-kept"]
    send(client, event, fields | {f"{name}-kept": carried})

    assert wrong.status_code == 422
    assert errors_of(wrong) == {name: "PDF、画像(JPEG・PNG)、Word・Excel・PowerPointのファイルを選んでください。"}
    assert "パネル 案.pdf" in other.text
    with app.app_context(), transaction() as session:
        file = session.scalars(select(AnswerFile)).one()
        assert (file.name, file.size) == ("パネル 案.pdf", len(PDF))
        answer_id = file.answer_id
    url = f"/staff/answers/{answer_id}/file"
    fetched = sign_in(Role.EVENT_MANAGER).get(url)
    assert fetched.data == PDF
    assert fetched.headers["Content-Disposition"].startswith("attachment;")
    assert fetched.content_type == "application/octet-stream"
    assert sign_in(Role.READ_ONLY).get(url).status_code == 403
    assert client.get(url).status_code == 302


def test_a_proof_that_was_altered_or_used_before_brings_no_file(app, client, asking):
    event, ids = asking
    name = f"q_{ids['panel']}"
    fields = typed(event, {f"q_{ids['exhibits']}": "yes"}, [minimal(ids)])
    checked = post(client, event, fields | {name: (io.BytesIO(PDF), "panel.pdf")})
    proof = dict(hidden_of(checked))[f"{name}-kept"]
    send(client, event, fields | {f"{name}-kept": proof})

    altered = post(client, event, fields | {f"{name}-kept": proof[:-2] + "xx"})
    send(client, event, fields | {f"{name}-kept": proof, "email": "b@b.jp", "email_again": "b@b.jp"})

    assert errors_of(altered) == {name: "選んでください。"}
    with app.app_context(), transaction() as session:
        assert len(session.scalars(select(AnswerFile)).all()) == 1


def registered(app, client, asking, **answers):
    event, ids = asking
    row = {f"q_{ids['transport']}": "bus", f"q_{ids['station']}": "海老名駅"}
    row |= {f"q_{ids[code]}": value for code, value in answers.items()}
    send(client, event, typed(event, {f"q_{ids['exhibits']}": "no"}, [row]))
    with app.app_context(), transaction() as session:
        one = session.scalars(select(Registration).order_by(Registration.id.desc())).first()
        return one.id, one.attendees[0].id, addresses.token(one)


def test_guests_change_their_answers_until_the_day_that_is_set(app, client, asking, monkeypatch):
    event, ids = asking
    _registration_id, person, token = registered(app, client, asking, score="95")
    fields = {
        f"q_{ids['exhibits']}": "no",
        f"person-{person}-q_{ids['transport']}": "car",
        f"person-{person}-q_{ids['score']}": "90",
    }

    shown = client.get(f"/r/{token}/answers")
    saved = client.post(f"/r/{token}/answers", data=fields)
    monkeypatch.setattr("eventops.clock.now", lambda: event.applications_close_at)
    late = client.post(f"/r/{token}/answers", data=fields | {f"person-{person}-q_{ids['score']}": "80"})

    assert 'value="海老名駅"' in shown.text
    assert saved.status_code == 302
    assert late.status_code == 422
    assert stored(app) == {("exhibits", None): ["no"], ("transport", 1): ["car"], ("score", 1): ["90"]}
    with app.app_context(), transaction() as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "answers_changed")).one()
        assert entry.after == {"questions": ["交通", "乗車駅", "平均スコア"]}
    assert "締め切りました" in client.get(f"/r/{token}/answers").text


def test_what_a_person_answered_does_not_pass_to_the_substitute(app, client, asking):
    registration_id, person, token = registered(app, client, asking, allergies="egg")
    details = PersonDetails(family_name="代理", given_name="次郎", family_kana="ダイリ", given_kana="ジロウ")

    with app.app_context(), transaction() as session:
        changes.substitute(open_desk(session, registration_id, now=NOW), attendee_id=person, details=details)

    assert stored(app) == {("exhibits", None): ["no"]}
    assert "まだお答えいただいていない質問が1つあります。" in client.get(f"/r/{token}").text


def test_sensitive_answers_are_read_by_staff_in_charge_alone(app, client, sign_in, asking):
    registration_id, _person, _token = registered(app, client, asking, allergies=["egg"], birth="1957-03-04")
    event, _ids = asking
    in_charge, onlooker = sign_in(Role.RECEPTION), sign_in(Role.READ_ONLY)
    pages = (f"/staff/registrations/{registration_id}", f"/staff/events/{event.id}/answers")

    for page in pages:
        assert "卵" in in_charge.get(page).text
        assert "1957" in in_charge.get(page).text
        seen = onlooker.get(page).text
        assert "送迎バス" in seen
        assert "海老名駅" not in seen
        assert "卵" not in seen
        assert "1957" not in seen
    assert onlooker.post(f"/staff/events/{event.id}/answers.csv").status_code == 403
    assert in_charge.get(f"/staff/registrations/{registration_id}/answers").status_code == 403


def test_staff_write_down_what_they_were_told_without_being_held_up_by_what_is_required(app, client, sign_in, asking):
    _event, ids = asking
    registration_id, person, _token = registered(app, client, asking)
    manager = sign_in(Role.EVENT_MANAGER)

    answers = {f"person-{person}-q_{ids['allergies']}": "milk", f"person-{person}-q_{ids['station']}": ""}
    saved = manager.post(f"/staff/registrations/{registration_id}/answers", data=answers)

    assert saved.status_code == 302
    assert stored(app)[("allergies", 1)] == ["milk"]
    assert ("station", 1) not in stored(app)
    page = manager.get(f"/staff/registrations/{registration_id}").text
    assert "乳" in page
    assert "未回答" in page
    with app.app_context(), transaction() as session:
        assert queries.registration(session, registration_id).revision == 1


def test_answers_are_counted_and_taken_away_as_a_table(app, client, sign_in, asking):
    event, ids = asking
    both = [
        {f"q_{ids['transport']}": "bus", f"q_{ids['station']}": "海老名駅", f"q_{ids['allergies']}": ["egg", "other"],
         f"q_{ids['allergies_other']}": "マンゴー", f"q_{ids['score']}": "100"},
        {f"q_{ids['transport']}": "car", f"q_{ids['allergies']}": ["egg"], f"q_{ids['score']}": "91"},
    ]  # fmt: skip
    send(client, event, typed(event, {f"q_{ids['exhibits']}": "no"}, both))
    manager = sign_in(Role.EVENT_MANAGER)

    page = manager.get(f"/staff/events/{event.id}/answers").text
    table = manager.post(f"/staff/events/{event.id}/answers.csv").data.decode("utf-8-sig").splitlines()

    assert rows_of(page, "配慮の内容") == {"卵": "2名", "その他": "1名", "マンゴー": "1名"}
    assert rows_of(page, "交通") == {"自家用車": "1", "乗り合い希望": "0", "送迎バス": "1"}
    assert rows_of(page, "展示しますか") == {"はい": "0", "いいえ": "1"}
    assert "95.5" in page
    assert "回答 1 / 対象 1" in page
    assert table == [
        '"番号","会社・団体","フリガナ","氏名","氏名フリガナ","交通","乗車駅","アレルギー","その他のアレルギー",'
        '"平均スコア","生年月日","展示しますか(会社・団体)","パネルの原稿(会社・団体)"',
        '"0001-2","株式会社海辺工業","ウミベコウギョウ","佐藤 花子","サトウ ハナコ",'
        '"自家用車","","卵","",91,"","いいえ",""',
        '"0001-1","株式会社海辺工業","ウミベコウギョウ","山田 太郎","ヤマダ タロウ",'
        '"送迎バス","海老名駅","卵、その他","マンゴー",100,"","いいえ",""',
    ]


def test_answers_are_columns_of_the_list_and_of_its_file(app, client, sign_in, asking):
    event, ids = asking
    people = [
        {f"q_{ids['transport']}": "car", f"q_{ids['score']}": "91", f"q_{ids['birth']}": "1957-03-04"},
        {f"q_{ids['transport']}": "bus", f"q_{ids['station']}": "海老名駅", f"q_{ids['allergies']}": "egg"},
    ]
    send(client, event, typed(event, {f"q_{ids['exhibits']}": "no"}, people))
    there, manager = f"/staff/events/{event.id}/registrations", sign_in(Role.EVENT_MANAGER)
    names = ("transport", "score", "birth", "allergies", "exhibits")
    chosen = "&".join(["cols=name", *(f"cols=q{ids[name]}" for name in names)])
    page = manager.get(f"{there}?{chosen}&sort=number").text
    assert cells_of(page) == [
        ["自家用車", "", "91", "1957年3月4日(月)", "いいえ"],
        ["送迎バス", "卵", "", "", "いいえ"],
    ]
    assert cells_of(manager.get(f"{there}?sort=number").text) == cells_of(page)
    table = manager.post(f"{there}/export?sort=number", data={"form": "csv"}).data.decode("utf-8-sig").splitlines()
    assert table == [
        '"氏名","フリガナ","印","交通","アレルギー","平均スコア","生年月日","展示しますか(会社・団体)"',
        '"山田 太郎","ヤマダ タロウ","","自家用車","",91,"1957-03-04","いいえ"',
        '"佐藤 花子","サトウ ハナコ","","送迎バス","卵","","","いいえ"',
    ]
    onlooker = sign_in(Role.READ_ONLY).get(f"{there}?{chosen}&sort=number").text
    assert cells_of(onlooker) == [["自家用車", "91", "いいえ"], ["送迎バス", "", "いいえ"]]


def cells_of(page):
    """What stands behind each name of the list."""
    rows = [row for row in re.findall(r"<tr[^>]*>(.*?)</tr>", page, re.DOTALL) if "name-cell" in row]
    return [[cell.strip() for cell in re.findall(r"<td>(.*?)</td>", row)] for row in rows]


def rows_of(page, title):
    chart = page.partition(f"<figcaption>{title}</figcaption>")[2].partition("</table>")[0]
    return dict(re.findall(r'<th scope="row">(.*?)</th><td class="num">(.*?)</td>', chart))


def test_an_event_without_questions_asks_nothing(app, client, sign_in):
    with app.app_context(), transaction() as session:
        event, _ids = make_asking_event(session, questions=())

    assert "questions.js" not in client.get(f"/e/{event.slug}/apply").text
    assert "この行事に質問はありません" in sign_in(Role.READ_ONLY).get(f"/staff/events/{event.id}/answers").text

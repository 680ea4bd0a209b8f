"""Private links: altered, borrowed, signed with another key or counted through, they open nothing."""

import pytest

from eventops import links
from eventops.errors import BadLink
from eventops.links import LinkRef, Purpose
from tests.security.walking import doors

KEY = "a key of the tests alone"
REFUSALS = ("リンクは使えません", "見つかりません")
FIRST, SECOND = LinkRef(1, 1), LinkRef(2, 1)


def token(ref: LinkRef = FIRST, purpose: Purpose = Purpose.REGISTRATION, key: str = KEY) -> str:
    return links.issue(ref, purpose, key=key)


def exchanged() -> str:
    """The payload of one link under the signature of another: what counting through would need to work."""
    return token(SECOND).rpartition(".")[0] + "." + token(FIRST).rpartition(".")[2]


def altered(position: int) -> str:
    text = token()
    return text[:position] + ("A" if text[position] != "A" else "B") + text[position + 1 :]


def test_a_link_opens_what_it_was_issued_for():
    assert [links.read(token(purpose=purpose), purpose, key=KEY) for purpose in Purpose] == [FIRST] * len(Purpose)


@pytest.mark.parametrize("text", ["", ".", "1", "[1,1]", "WzEsMV0", exchanged(), token(key="another key"), "é", "\0"])
def test_what_this_installation_did_not_issue_is_refused(text):
    with pytest.raises(BadLink):
        links.read(text, Purpose.REGISTRATION, key=KEY)


@pytest.mark.parametrize("position", range(len(token()) - 1))
def test_one_altered_character_spoils_a_link(position):
    with pytest.raises(BadLink):
        links.read(altered(position), Purpose.REGISTRATION, key=KEY)


@pytest.mark.parametrize("purpose", list(Purpose))
def test_a_link_for_one_purpose_opens_no_other(purpose):
    for other in set(Purpose) - {purpose}:
        with pytest.raises(BadLink):
            links.read(token(purpose=purpose), other, key=KEY)


def test_no_private_page_opens_for_a_link_without_its_row_or_purpose(app):
    """Well signed, but there is nothing behind it: the answer is the same as for one that was made up."""
    tried = [token(LinkRef(987_654, 1), purpose) for purpose in Purpose] + [exchanged(), altered(2), "made-up"]
    wrong = {}
    for text in tried:
        for door in doors(app, {"token": text}):
            if door.access == "private_link":
                response = app.test_client().open(door.path, method=door.method)
                if response.status_code != 404 or not (
                    "リンクは使えません" in response.text or "見つかりません" in response.text
                ):
                    wrong[f"{door.endpoint} {text}"] = response.status_code
    assert wrong == {}

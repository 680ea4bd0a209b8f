"""`MAIL_URL`: what is understood and what is refused."""

import pytest

from eventops.mail import backends


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("smtp://mail.example.jp", backends.Smtp("mail.example.jp", 587, "", "", "starttls")),
        ("smtps://u:p%40ss@mail.example.jp", backends.Smtp("mail.example.jp", 465, "u", "p@ss", "tls")),
        ("smtp://h:25?security=plain", backends.Smtp("h", 25, "", "", "plain")),
        ("console:", backends.Console()),
    ],
)
def test_an_address_names_a_backend(url, expected):
    assert backends.from_url(url) == expected


@pytest.mark.parametrize("url", ["", "http://x", "smtp://", "smtp://h?security=none", "mail.example.jp"])
def test_anything_else_is_refused_at_once(url):
    with pytest.raises(backends.BadMailUrl):
        backends.from_url(url)

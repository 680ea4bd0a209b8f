"""Sign-ins of the demonstration's fictitious staff.

Their passwords are derived from the installation's own key: none stands in the repository, two installations never
share one, and `bin/run --demo` can print them again without storing them.
"""

import base64
import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from eventops.accounts import passwords, queries


@dataclass(frozen=True, slots=True)
class DemoSignIn:
    """What somebody types to be one of the demonstration's staff."""

    email: str
    password: str
    role: str
    name: str


def demo_password(email: str, *, key: str) -> str:
    """Three groups of four letters and digits; 60 bits that only this installation knows."""
    digest = hmac.new(key.encode(), f"demonstration:{email}".encode(), hashlib.sha256).digest()
    text = base64.b32encode(digest).decode().lower()[:12]
    return "-".join((text[:4], text[4:8], text[8:]))


def known(session: Session, *, key: str) -> Sequence[DemoSignIn]:
    """The staff who still have the password of the demonstration."""
    made = [(user, demo_password(user.email, key=key)) for user in queries.users(session) if user.enabled]
    return [
        DemoSignIn(user.email, password, user.role, user.name)
        for user, password in made
        if passwords.verify(user.password_hash, password)
    ]

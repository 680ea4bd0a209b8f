"""Loading of the demonstration data."""

import datetime as dt

from flask import Flask
from sqlalchemy.orm import Session

from eventops.demo.sign_ins import DemoSignIn


def init_demo(app: Flask) -> None:
    """Offer the demonstration data to the first start."""
    app.extensions["demonstration"] = load


def load(session: Session, *, now: dt.datetime) -> list[DemoSignIn]:
    """Put the demonstration data into an empty database; its staff, with passwords by `sign_ins.demo_password`."""
    return []

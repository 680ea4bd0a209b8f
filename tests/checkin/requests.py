"""Requests at the door, and the rows they leave."""

from sqlalchemy import select

from eventops.checkin.models import Scan
from eventops.database import db


def url(door, rest=""):
    return f"/staff/events/{door[0]}/reception{rest}"


def send(client, door, **body):
    fields = {"nonce": "device-1-0001", "part": door[1][0], "method": "camera", "code": door[2]}
    return client.post(url(door, "/scans"), json=fields | body)


def scans(app):
    with app.app_context():
        return db.session.scalars(select(Scan).order_by(Scan.id)).all()

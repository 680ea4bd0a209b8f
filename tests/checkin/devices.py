"""A station as its page behaves: a book to look things up in, a queue that keeps every look until it is confirmed."""

import datetime as dt
import itertools
from collections import defaultdict

from flask import current_app

from eventops.checkin import queries, snapshots, stations, syncing
from eventops.checkin.models import Station
from eventops.checkin.rules import PASSED, Verdict
from eventops.database import transaction

_nonces = itertools.count(1)


class Crash(Exception):
    """The server died before it could write."""


def ms(moment):
    return round(moment.timestamp() * 1000)


class Device:
    """`ahead` is how wrong its clock is; it was measured when the device was enrolled."""

    def __init__(self, event_id, name, *, ahead, now):
        self.event_id, self.name, self.ahead = event_id, name, ahead
        with transaction() as session:
            code = stations.invite(session, event_id=event_id, part_id=None, name=name, user_id=None, now=now).code
        with transaction() as session:
            self.key = stations.enrol(session, code=code, now=now).key
        self.queue, self.told, self.is_online, self.sequence = [], {}, True, 0
        self.fetch_book(now)

    def fetch_book(self, now):
        with transaction() as session:
            station = stations.of_key(session, self.key, now=now)
            event = queries.event(session, self.event_id)
            made = snapshots.make(
                session, event, salt=station.salt, key=current_app.config["TICKET_KEY"], now=now
            ).as_json()
        self.salt, self.book = station.salt, made
        self.codes = {entry[0]: (entry[1], entry[2]) for entry in made["codes"]}
        self.people = {person[0]: (index, person[4]) for index, person in enumerate(made["people"])}
        self.passages = defaultdict(list)
        for index, part, at, _where, *way in made["inside"]:
            self.passages[made["people"][index][0], part].append((at, *(way or ["in"])))
        for item in self.queue:
            if item["kind"] == "scan" and item["shown"] in PASSED:
                self.pass_by(item)

    def found(self, item):
        if item.get("code"):
            return self.codes.get(snapshots.hashed(item["code"], salt=self.salt))
        return self.people.get(item["attendee"])

    def pass_by(self, item):
        found = self.found(item)
        if found:
            at = item["at"] - item["ahead"]
            self.passages[self.book["people"][found[0]][0], item["part"]].append((at, item["direction"]))

    def stands(self, attendee, part):
        """Whether somebody is inside, and whether they have been."""
        is_inside, has_left = False, False
        for _at, way in sorted(self.passages[attendee, part]):
            has_left |= way == "out" and is_inside
            is_inside = way == "in"
        return is_inside, has_left

    def look_up(self, item):
        """What the page shows without a network: a letter of the book, and whether somebody is in already."""
        found = self.found(item)
        if found is None:
            return self.book["verdicts"][self.book["missing"]]["code"]
        column = [part["id"] for part in self.book["parts"]].index(item["part"])
        said = self.book["verdicts"][found[1][column]]
        is_inside, has_left = self.stands(self.book["people"][found[0]][0], item["part"])
        if item["direction"] == "out":
            return self.says("left" if is_inside else "not_inside")
        if not said["admits"]:
            return said["code"]
        return self.says("again") if is_inside else self.says("back") if has_left else said["code"]

    def says(self, name):
        return self.book["verdicts"][self.book[name]]["code"]

    def scan(self, now, *, part, way="in", fate="ok", code="", attendee=None):
        """One look; `fate` is what becomes of the line meanwhile. What the desk was told, and under which number."""
        item = self.new_item(now, kind="scan", part=part, direction=way, method="camera", code=code, attendee=attendee)
        answered = self.send([item], now, fate) if self.is_online else None
        if answered:
            self.queue.remove(item)
            shown = answered[0].verdict
        else:
            shown = Verdict(self.look_up(item))
            item["shown"] = shown
        if shown in PASSED:
            self.pass_by(item)
        self.told[item["nonce"]] = shown
        return item["nonce"], shown

    def new_item(self, now, **fields):
        self.sequence += 1
        nonce = f"device-{next(_nonces):08d}"
        item = {"nonce": nonce, "sequence": self.sequence, "at": ms(now + self.ahead), "ahead": ms_of(self.ahead)}
        self.queue.append(item | fields)
        return self.queue[-1]

    def take_back(self, nonce, now):
        self.new_item(now, kind="undo", of=nonce)

    def flush(self, now, fate="ok", most=100):
        """Send what waits, oldest first; what was answered is confirmed and forgotten."""
        batch = self.queue[:most]
        if batch and self.send(batch, now, fate):
            del self.queue[: len(batch)]

    def send(self, items, now, fate):
        """None when no answer came; the server may have taken some, all or nothing of it."""
        if fate == "request lost":
            return None
        if fate == "crash":
            items = items[: (len(items) + 1) // 2]
        outcomes = [self.take(item, now, crashes=fate == "crash" and item is items[-1]) for item in items]
        return outcomes if fate == "ok" else None

    def take(self, values, now, *, crashes):
        sent = syncing.Batch(ms(now + self.ahead), len(self.queue), 0, ())
        try:
            with transaction() as session:
                outcome = syncing.carry_out(
                    session,
                    values,
                    station_key=self.key,
                    key=current_app.config["TICKET_KEY"],
                    clock_ahead=sent.clock_ahead(now),
                    now=now,
                )
                if crashes:
                    raise Crash
                return outcome
        except Crash:
            return None


def ms_of(span):
    return round(span / dt.timedelta(milliseconds=1))


def station_of(session, device):
    return session.query(Station).filter_by(name=device.name, event_id=device.event_id).one()

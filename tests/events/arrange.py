"""Events on the test's application, and what a browser would send from the editing page."""

import datetime as dt
import re

from eventops import clock
from eventops.database import transaction
from eventops.events import filling, queries, service
from eventops.events.models import EventState
from tests.events.plans import NOW, new_year


def add(app, *, state=EventState.DRAFT, **values):
    """An event's id, in a state it got to by its own moves."""
    with app.app_context(), transaction() as session:
        event = service.create(session, plan=new_year(**values), actor_id=None, now=NOW)
        if state in (EventState.PUBLISHED, EventState.CLOSED):
            service.move(session, event_id=event.id, target=EventState.PUBLISHED, actor_id=None, now=NOW)
        if state in (EventState.CLOSED, EventState.CANCELLED):
            service.move(session, event_id=event.id, target=state, actor_id=None, now=NOW)
        return event.id


def plan(app, event_id):
    with app.app_context(), transaction() as session:
        return queries.plan_of(queries.event(session, event_id))


def state(app, event_id):
    with app.app_context(), transaction() as session:
        return queries.event(session, event_id).state


def seen_at(app, event_id):
    with app.app_context(), transaction() as session:
        return queries.event(session, event_id).updated_at.isoformat()


def typed(event_plan, **changed):
    """The editing page's fields as text, some of them typed over; None takes a field out."""
    fields = {}
    _flatten("", filling.form_data(event_plan), fields)
    fields |= {name.replace("__", "-"): value for name, value in changed.items()}
    return {name: value for name, value in fields.items() if value is not None}


def _flatten(prefix, values, fields):
    for name, value in values.items():
        if isinstance(value, list):
            for index, row in enumerate(value):
                _flatten(f"{prefix}{name}-{index}-", row, fields)
        else:
            fields[f"{prefix}{name}"] = _text(value)


def _text(value):
    if isinstance(value, bool):
        return "y" if value else None
    if isinstance(value, dt.datetime):
        return f"{value.astimezone(clock.TOKYO):%Y-%m-%dT%H:%M}"
    if isinstance(value, dt.time):
        return f"{value:%H:%M}"
    return "" if value is None else str(value)


def edit(app, client, event_id, **changed):
    fields = {"seen_at": seen_at(app, event_id)} | changed
    data = typed(plan(app, event_id), **fields)
    return client.post(f"/staff/events/{event_id}/edit", data=data)


def errors_of(response):
    """The sentences beside the fields: id of the field and what is wrong with it."""
    found = re.findall(r'id="([\w-]+)-error">.*?<span>(.*?)</span>', response.text)
    return {name: sentence.strip() for name, sentence in found}


def warnings_in(response):
    return re.findall(r"<li>([^<]+?)(?: <a class=.nowrap. href=[^>]+>直す</a>)?</li>", response.text)

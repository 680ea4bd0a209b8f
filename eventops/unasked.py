"""Acts that are asked about before they are done: by a script on the page, and by a page where it has not run yet.

A form that is to be asked about carries its question in the field `unasked`. The script takes the field away once the
question was answered; a form that still has it is answered by the question, and nothing is done.
"""

from flask import Flask, render_template, request
from flask.typing import ResponseReturnValue

FIELD = "unasked"
FORM = "application/x-www-form-urlencoded"


def init_unasked(app: Flask) -> None:
    app.before_request(_ask)


def _ask() -> ResponseReturnValue | None:
    if request.method != "POST" or request.mimetype != FORM or request.endpoint is None:
        return None
    question = request.form.get(FIELD)
    if question is None:
        return None
    fields = {name: value for name, value in request.form.items() if name not in (FIELD, "csrf_token")}
    address = request.script_root + request.full_path.rstrip("?")
    return render_template("layout/unasked.html", question=question, address=address, fields=fields, back=_back())


def _back() -> str:
    came_from = request.referrer or ""
    return came_from if came_from.startswith(request.host_url) else ""

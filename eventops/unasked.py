"""Acts that are asked about before they are done: by a script on the page, and by a page where it has not run yet.

A form that is to be asked about carries its question in the field `unasked`; where only one of its buttons is to be
asked about, the field is called `unasked:name=value` after that button. The script takes the field away once the
question was answered; a form that still has it is answered by the question, and nothing is done.
"""

from flask import Flask, render_template, request
from flask.typing import ResponseReturnValue

FIELD = "unasked"
OF_BUTTON = "unasked:"
FORM = "application/x-www-form-urlencoded"


def init_unasked(app: Flask) -> None:
    app.before_request(_ask)


def _ask() -> ResponseReturnValue | None:
    if request.method != "POST" or request.mimetype != FORM or request.endpoint is None:
        return None
    question = _question()
    if question is None:
        return None
    fields = [one for one in request.form.items(multi=True) if one[0] != "csrf_token" and not _is_question(one[0])]
    address = request.script_root + request.full_path.rstrip("?")
    return render_template("layout/unasked.html", question=question, address=address, fields=fields, back=_back())


def _is_question(name: str) -> bool:
    return name == FIELD or name.startswith(OF_BUTTON)


def _question() -> str | None:
    """The form's, or the one of the button that was pressed."""
    questions = ((name, said) for name, said in request.form.items() if _is_question(name))
    return next((said for name, said in questions if name == FIELD or _is_pressed(name)), None)


def _is_pressed(question: str) -> bool:
    button, _is, value = question.removeprefix(OF_BUTTON).partition("=")
    return request.form.get(button) == value


def _back() -> str:
    came_from = request.referrer or ""
    return came_from if came_from.startswith(request.host_url) else ""

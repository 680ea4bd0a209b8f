"""Which language the reader of this request wants."""

from flask import has_request_context, request, session

LANGUAGES = ("ja", "en")


def language() -> str:
    """The reader's language: chosen by link and remembered, Japanese otherwise and where there is no reader."""
    if not has_request_context():
        return "ja"
    chosen = request.args.get("lang") or session.get("language")
    if request.args.get("lang") in LANGUAGES and session.get("language") != chosen:
        session["language"] = chosen
    return chosen if chosen in LANGUAGES else "ja"

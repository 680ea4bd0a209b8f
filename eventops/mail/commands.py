"""`flask returned`: a mail server hands in what came back, one message on standard input."""

import sys

import click
from flask import Flask

from eventops.database import transaction
from eventops.mail import bounces


def init_commands(app: Flask) -> None:
    @app.cli.command("returned", help="Read a report of non-delivery from standard input and note it.")
    def note_returned() -> None:
        content = sys.stdin.buffer.read()
        with transaction() as session:
            found = bounces.note(session, content)
        click.echo(str(found))

"""`flask reset-link`: the way back in for an administrator who forgot the password and has nobody to ask."""

import click
from flask import Flask

from eventops import clock, urls
from eventops.accounts import queries, resetting
from eventops.database import transaction


def init_commands(app: Flask) -> None:
    @app.cli.command("reset-link", help="Print a link, good once and for an hour, that sets a user's password anew.")
    @click.argument("email")
    def print_reset_link(email: str) -> None:
        with transaction() as session:
            user = queries.user_by_email(session, email)
            if user is None or not user.enabled:
                raise click.ClickException("サインインできる職員がいません。/ Nobody with this address may sign in.")
            secret = resetting.give(session, user_id=user.id, actor_id=None, now=clock.now())
        click.echo(urls.absolute("accounts.reset_password", secret=secret))

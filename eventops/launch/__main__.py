"""`python -m eventops.launch`: checks, migrates, starts web and worker, prints the address, stops both on Ctrl-C."""

import os
import socket
import sys

import click

from eventops import config, create_app
from eventops.launch import obstacles, preparation, processes
from eventops.launch.preparation import Demonstration

LOCAL = ("127.0.0.1", "::1", "localhost")
ANY = ("0.0.0.0", "::")  # noqa: S104
ROLES = {
    "administrator": "管理者 / administrator",
    "event_manager": "行事担当 / event manager",
    "reception": "受付 / reception",
    "coordinator": "コーディネーター / coordinator",
    "read_only": "閲覧のみ / read only",
}


@click.command()
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="Port to listen on.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on; 0.0.0.0 for all.")
@click.option("--demo", is_flag=True, help="Load the demonstration data into an empty database; print its sign-ins.")
def main(port: int, host: str, demo: bool) -> None:
    """Start EventOps: web server and worker together, until Ctrl-C."""
    try:
        launch(port, host, demo=demo)
    except obstacles.CannotStart as obstacle:
        click.echo(obstacle.japanese, err=True)
        click.echo(obstacle.english, err=True)
        sys.exit(1)


def launch(port: int, host: str, *, demo: bool) -> None:
    obstacles.check_folder(config.home_folder())
    obstacles.check_port(host, port)
    address = _address(host, port)
    os.environ.setdefault("PUBLIC_URL", address)
    app = create_app()
    preparation.migrate(app)
    demonstration = preparation.load_demonstration(app) if demo else None
    has_users = preparation.has_users(app)
    lifeline = processes.Lifeline()
    web = processes.web(app, host, port, on_sqlite=preparation.runs_on_sqlite(app), lifeline=lifeline)
    preparation.let_go(app)
    installation = processes.Installation(web, processes.worker(app, lifeline=lifeline), host=host, port=port)
    try:
        installation.start()
        _announce(address, demonstration, has_users=has_users)
        installation.run()
    finally:
        installation.stop()
    click.echo("終了しました。データは保存されています。/ Stopped. Everything is kept.")


def _address(host: str, port: int) -> str:
    name = "localhost" if host in LOCAL else socket.gethostname() if host in ANY else host
    return f"http://[{name}]:{port}" if ":" in name else f"http://{name}:{port}"


def _announce(address: str, demonstration: Demonstration | None, *, has_users: bool) -> None:
    click.echo(f"\nEventOps: {address}/\n職員 / staff: {address}/staff/\n")
    if demonstration is not None:
        _announce_demonstration(demonstration)
    if not has_users:
        click.echo("このアドレスを開いて、最初の管理者をつくってください。")
        click.echo("Open this address and create the first administrator.")
    click.echo("止めるには Ctrl-C を押します。/ Stop with Ctrl-C.")


def _announce_demonstration(demonstration: Demonstration) -> None:
    if not demonstration.loaded:
        click.echo("データベースが空ではないため、デモ用データは読み込まず、今のデータのまま開始しました。")
        click.echo("The database is not empty: the demonstration data was not loaded again, nothing was changed.\n")
    for user in demonstration.sign_ins:
        click.echo(f"  {user.email:<32} {user.password}   {ROLES[user.role]}")
    click.echo()


if __name__ == "__main__":
    main()

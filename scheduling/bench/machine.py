"""The machine and the versions that a table of figures depends on, in one line."""

import os
import platform
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

PACKAGES = {"OR-Tools": "ortools", "numba": "numba", "NumPy": "numpy", "PySAT": "python-sat"}


def machine() -> str:
    """Processor, cores, load of the last minute, system, Python and packages; a package that is missing is left out."""
    found = [f"{name} {number}" for name, package in PACKAGES.items() if (number := _version(package))]
    hardware = f"{processor()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}"
    return (
        f"{hardware}; {platform.system()} {platform.machine()}, Python {platform.python_version()}, {', '.join(found)}"
    )


def processor() -> str:
    """The processor's name as the kernel tells it, or the kind of machine."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ""

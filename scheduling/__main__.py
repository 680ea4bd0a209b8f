"""The command line: one table of commands, each in a module that is loaded only when it is asked for."""

import sys

FINE, NOT_FINE, BAD_INPUT, INTERRUPTED = 0, 1, 2, 130
COMMANDS = {
    "solve": "make a timetable",
    "check": "name every rule that a timetable breaks",
    "explain": "say why requests have no place, and what would help",
    "replan": "change a published timetable on the day, disturbing as few people as possible",
    "convert": "read CSV files and published instances, write timetables as CSV, write the schema",
    "bench": "measure the engine against others",
}
HELP = """usage: python -m scheduling COMMAND …

Timetables of one-to-one meetings: made, proven, explained. JSON in and out; - is standard input or output.

{commands}

python -m scheduling COMMAND --help says more. Exit codes: 0 fine; 1 a rule is broken or requests contradict each other;
2 the input cannot be used, and everything wrong with it has been named.
"""


def main(arguments: list[str] | None = None) -> int:
    """Run one command and return its exit code; `arguments` are those of the process unless given."""
    words = sys.argv[1:] if arguments is None else arguments
    if not words or words[0] in ("-h", "--help"):
        commands = "\n".join(f"  {name:<9}{what}" for name, what in COMMANDS.items())
        (sys.stdout if words else sys.stderr).write(HELP.format(commands=commands))
        return FINE if words else BAD_INPUT
    if words[0] not in COMMANDS:
        sys.stderr.write(f"There is no command {words[0]!a}, only {', '.join(COMMANDS)}.\n")
        return BAD_INPUT
    from scheduling.commands.running import run

    return run(words[0], words[1:])


if __name__ == "__main__":
    sys.exit(main())

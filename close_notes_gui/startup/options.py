"""The command line, read into a value. Standard library alone."""

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from typing import Self
from urllib.parse import parse_qs, urlsplit

from close_notes_gui import __version__

SCHEME = "close-notes"
LONGEST_ADDRESS = 32_768  # characters; a browser hands over any link that a page holds


@dataclass(frozen=True, slots=True)
class OpenRequest:
    """What the composer shall open with. `lead` is a lead's id or words to search for; `attach`
    are absolute paths. Crosses to the running program as JSON.
    """

    lead: str = ""
    title: str = ""
    text: str = ""
    attach: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether it only asks for the window to come up."""
        return self == OpenRequest()

    def to_json(self) -> bytes:
        """For the running program, on one line."""
        return json.dumps(asdict(self)).encode() + b"\n"

    @classmethod
    def from_json(cls, line: bytes) -> Self:
        """Lenient: what is missing or of another type is left at its default."""
        try:
            given = json.loads(line)
        except (ValueError, RecursionError):
            return cls()
        if not isinstance(given, dict):
            return cls()
        words = {
            f.name: given[f.name]
            for f in fields(cls)
            if f.name != "attach" and isinstance(given.get(f.name), str)
        }
        paths = given.get("attach")
        attach = tuple(p for p in paths if isinstance(p, str)) if isinstance(paths, list) else ()
        return cls(**words, attach=attach)

    @classmethod
    def from_address(cls, address: str) -> Self:
        """What a link `close-notes:note?lead=…&title=…&text=…` asks for. Lenient.

        Any web page can hold such a link, so that it fills in and nothing more: it never sends,
        and names no files.
        """
        if len(address) > LONGEST_ADDRESS or not address.lower().startswith(f"{SCHEME}:"):
            return cls()
        try:
            given = parse_qs(urlsplit(address).query, max_num_fields=20)
        except ValueError:
            return cls()
        lead, title, text = (given.get(name, [""])[0] for name in ("lead", "title", "text"))
        return cls(lead, title, text)


@dataclass(frozen=True, slots=True)
class Options:
    """What the command line says."""

    request: OpenRequest
    sandbox: bool = False
    smoke: bool = False


def read_options(arguments: Sequence[str]) -> Options:
    """Parse; prints and leaves by SystemExit for `--help`, `--version` and mistakes."""
    given = _parser().parse_args(arguments)
    text = sys.stdin.read() if given.text == "-" else given.text
    request = OpenRequest(lead=given.lead, title=given.title, text=text, attach=tuple(given.attach))
    if given.address:
        request = OpenRequest.from_address(given.address)
    return Options(request=request, sandbox=given.sandbox or given.smoke, smoke=given.smoke)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="close-notes-gui", description="Write notes into Close the moment you hang up."
    )
    parser.add_argument("--version", action="version", version=f"Close Notes {__version__}")
    parser.add_argument(
        "--sandbox",
        action="store_true",
        help="play with a sample organization inside the program; nothing reaches Close",
    )
    parser.add_argument(
        "--smoke",
        action="store_true",
        help="send one note with a file to the sandbox, check it, print versions, and leave",
    )
    parser.add_argument("--lead", default="", metavar="ID|WORDS", help="the lead to write to")
    parser.add_argument("--title", default="", help="the title of the note")
    parser.add_argument("--text", default="", help="the text of the note; - reads it from input")
    parser.add_argument(
        "--attach", default=(), nargs="+", metavar="FILE", help="files to attach to the note"
    )
    parser.add_argument(
        "address",
        nargs="?",
        default="",
        metavar="close-notes:note?lead=…",
        help="a link with lead, title and text to open with",
    )
    return parser

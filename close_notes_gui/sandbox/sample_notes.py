"""Notes that are in the sample organisation from the start, and more on demand.

Any thread, under FakeClose's lock. The same seed gives the same notes.
"""

import struct
import zlib
from datetime import datetime, timedelta
from functools import lru_cache

from close_notes_gui.sandbox import xhtml
from close_notes_gui.sandbox.files import FileStore
from close_notes_gui.sandbox.note_values import Attachment, Note
from close_notes_gui.sandbox.notes import NoteBook
from close_notes_gui.sandbox.sample import Lead, mix
from close_notes_gui.sandbox.world import World, to_ms

_TEXTS: tuple[tuple[str | None, str], ...] = (
    (None, "<body><p>Left a voicemail, will try again on Thursday morning.</p></body>"),
    (
        "Discovery call",
        (
            "<body><h2>Situation</h2><p>Forty seats on a tool <strong>nobody likes</strong>.</p>"
            "<ul><li>Renewal in March</li><li>Budget is there</li><li>IT wants SSO</li></ul></body>"
        ),
    ),
    (
        None,
        "<body><p>Spoke with the office manager. The CFO decides, back on the 14th.</p></body>",
    ),
    (
        "Demo",
        (
            "<body><p>Showed reporting, dialer. Questions:</p><ol><li>Export to their warehouse?"
            "</li><li>Who owns the recordings?</li></ol><p>Sent "
            '<a href="https://example.com/security">the security page</a>.</p></body>'
        ),
    ),
    (None, "<body><p>They asked for a quote &lt; 10k &amp; a reference customer.</p></body>"),
    (
        "Grüße aus München",
        "<body><p>Rückruf am Montag, bitte auf Deutsch. Stimmung: <em>sehr gut</em> 🎉</p></body>",
    ),
    (
        "Next steps",
        (
            "<body><p><u>By Friday</u>: contract draft. <s>Discount</s> no discount.</p>"
            "<p>Code: <code>SPRING</code></p></body>"
        ),
    ),
    (None, "<body><p>Not now. Ask again in Q3.</p></body>"),
)
_BUSY_LEAD = 1
_BUSY_NOTES = 60
_LEADS_WITH_NOTES = 60


def first_notes(world: World, notes: NoteBook, files: FileStore, leads: list[Lead]) -> None:
    """Put the sample notes on the first leads; one of them gets sixty."""
    for place, lead in enumerate(leads[:_LEADS_WITH_NOTES]):
        count = _BUSY_NOTES if place == _BUSY_LEAD else mix(world.seed + place) % 4
        for made in sample_notes(world, files, lead, count, newest_at=lead.updated_at):
            notes.put(made)


def sample_notes(
    world: World, files: FileStore, lead: Lead, count: int, *, newest_at: datetime
) -> list[Note]:
    """``count`` notes on ``lead``, a few hours apart, the last at ``newest_at``."""
    made: list[Note] = []
    for turn in range(count):
        number = mix(world.seed * 31 + turn * 7 + len(lead.name))
        created_at = to_ms(newest_at - timedelta(hours=5 * (count - 1 - turn), milliseconds=turn))
        author = world.user_ids[number % len(world.user_ids)]
        title, rich = _TEXTS[number // 16 % len(_TEXTS)]
        pinned = turn == count // 2 and count > 2
        attachments = _attachments(files, author) if number % 5 == 0 else ()
        made.append(
            Note(
                id=world.mint("acti"),
                lead_id=lead.id,
                user_id=author,
                created_by=author,
                updated_by=author,
                created_at=created_at,
                updated_at=created_at,
                activity_at=created_at,
                note_html=rich,
                note=_plain(rich),
                title=title,
                contact_id=lead.contacts[0].id if lead.contacts and number % 3 == 0 else None,
                pinned=pinned,
                pinned_at=created_at if pinned else None,
                source="ui",
                attachments=attachments,
            )
        )
    return made


@lru_cache
def _plain(rich: str) -> str:
    return xhtml.plain_of(xhtml.checked(rich, "note_html"))


def _attachments(files: FileStore, user_id: str) -> tuple[Attachment, ...]:
    quote = files.put_sample(
        "Quote 2026 – draft.txt", "text/plain", b"40 seats at 59 USD per month\n", user_id
    )
    picture = files.put_sample("whiteboard.png", "image/png", png(48, 32), user_id)
    return tuple(Attachment(file, file.filename, file.content_type) for file in (quote, picture))


@lru_cache
def png(width: int, height: int) -> bytes:
    """A small picture with a colour gradient."""
    rows = b"".join(
        b"\0"
        + bytes(value for x in range(width) for value in (x * 255 // width, y * 255 // height, 160))
        for y in range(height)
    )
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in chunks
    )

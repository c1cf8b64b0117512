"""Words that were typed, as a query for Close's Advanced Filtering (`POST /data/search/`).

Any thread; pure. What is not documented about the filters is in this file alone.
"""

import re
import unicodedata
from datetime import date, datetime

from close_notes_gui.closeapi.wire.basics import moment_out
from close_notes_gui.closeapi.wire.leads import SEARCH_FIELDS
from close_notes_gui.model.composing import composed
from close_notes_gui.model.ids import LeadId

LARGEST_PAGE = 200
_LONGEST_TEXT = 200
_LEAD_ID = re.compile(r"lead_[A-Za-z0-9]{6,60}")
_LEAD_PAGE = re.compile(
    r"(?:https?://)?app\.close\.(?:com|io)/lead/(lead_[A-Za-z0-9]{6,60})(?:[/?#].*)?"
)
_EMAIL = re.compile(r"[^\s@<>\"']+@[^\s@<>\"']+\.[^\s@<>\"'.]{2,}")
_PHONE = re.compile(r"(?:tel:)?\+?[\d\s().\-/]+")
_DOMAIN = re.compile(r"(?:https?://)?(?:www\.)?((?:[\w\-]+\.)+[^\W\d_]{2,})(?::\d+)?(?:[/?#].*)?")

Query = dict[str, object]


def normalised(text: str) -> str:
    """The words on one line in NFC, at most 200 characters; empty if nothing could be found."""
    blank = {"Cc", "Cs", "Zl", "Zp"}
    line = "".join(" " if unicodedata.category(char) in blank else char for char in text)
    line = composed(" ".join(line.split()))[:_LONGEST_TEXT].strip()
    return line if any(char.isalnum() for char in line) else ""


def lead_id_in(words: str) -> LeadId | None:
    """The id where the words are a lead's id or the address of its page in Close."""
    if _LEAD_ID.fullmatch(words):
        return LeadId(words)
    page = _LEAD_PAGE.fullmatch(words)
    return LeadId(page[1]) if page else None


def search_body(words: str, *, limit: int, cursor: str | None) -> Query:
    """The query that fits the kind of words: an email, a phone number, a domain, or just words."""
    return _body(_any([_words(words), *_related(words)]), limit=limit, cursor=cursor)


def plain_body(words: str, *, limit: int, cursor: str | None) -> Query:
    """The query that knows of no kinds."""
    return _body(_any([_words(words)]), limit=limit, cursor=cursor)


def changed_body(
    *,
    since: date | None,
    until: date | None,
    newest_first: bool,
    limit: int,
    cursor: str | None,
    before: datetime | None = None,
    with_total: bool = False,
) -> Query:
    """All leads, or those changed from `since` to `until`, both days whole and included, or
    `before` a moment.
    """
    changed = None
    if since is not None or until is not None or before is not None:
        condition: Query = {"type": "moment_range"}
        if since is not None:
            condition["on_or_after"] = _day(since, "start")
        if before is not None:
            condition["before"] = {"type": "fixed_utc", "value": moment_out(before)}
        elif until is not None:
            condition["before"] = _day(until, "end")
        changed = _condition("lead", "date_updated", condition)
    direction = "desc" if newest_first else "asc"
    body = _body(changed, limit=limit, cursor=cursor, direction=direction)
    return {**body, "include_counts": True} if with_total else body


def _related(words: str) -> list[Query]:
    digits = "".join(char for char in words if char.isdigit())
    if _PHONE.fullmatch(words) and len(digits) >= 5:
        spelt = dict.fromkeys([words.removeprefix("tel:"), digits, f"+{digits}"])
        return [_of_contact("contact_phone", "phone", phone) for phone in spelt]
    if _EMAIL.fullmatch(words):
        return [_of_contact("contact_email", "email", words)]
    domain = _DOMAIN.fullmatch(words)
    if domain:
        name = domain[1]
        others = [] if name == words else [_words(name)]
        return [*others, _of_contact("contact_email", "email", name)]
    return []


def _of_contact(kind: str, field_name: str, value: str) -> Query:
    asked = _condition(kind, field_name, {"type": "text", "mode": "phrase", "value": value})
    return _has("lead", "contact", _has("contact", kind, asked))


def _has(this: str, related: str, query: Query) -> Query:
    return {
        "type": "has_related",
        "this_object_type": this,
        "related_object_type": related,
        "related_query": query,
    }


def _condition(object_type: str, field_name: str, condition: Query) -> Query:
    field = {"type": "regular_field", "object_type": object_type, "field_name": field_name}
    return {"type": "field_condition", "field": field, "condition": condition}


def _words(words: str) -> Query:
    return {"type": "text", "mode": "beginning_of_words", "value": words}


def _any(queries: list[Query]) -> Query:
    return queries[0] if len(queries) == 1 else {"type": "or", "queries": queries}


def _day(day: date, which: str) -> Query:
    return {"type": "fixed_local_date", "value": day.isoformat(), "which": which}


def _body(query: Query | None, *, limit: int, cursor: str | None, direction: str = "desc") -> Query:
    of_leads: Query = {"type": "object_type", "object_type": "lead"}
    updated = {"type": "regular_field", "object_type": "lead", "field_name": "date_updated"}
    return {
        "query": {"type": "and", "queries": [of_leads] if query is None else [of_leads, query]},
        "_fields": {"lead": list(SEARCH_FIELDS)},
        "sort": [{"direction": direction, "field": updated}],
        "_limit": max(1, min(limit, LARGEST_PAGE)),
        "cursor": cursor,
    }

"""Tell whether a comment whose answer was lost is among those that Close shows.

Pure; any thread. Never decides by one look that a comment is absent.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from close_notes_gui.markup import canonical_text
from close_notes_gui.model.amendment import Amendment
from close_notes_gui.model.ids import AmendmentId, CommentId, UserId
from close_notes_gui.model.note import Comment

#: Close's clock is known to a second or two; a minute is safe.
_CLOCK_ERROR: Final = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Found:
    """Close has it."""

    comment: Comment


@dataclass(frozen=True, slots=True)
class Unclear:
    """Close has something that may be it; only the rep can tell."""

    comment: Comment


def judge(
    comments: Iterable[Comment],
    amendment: Amendment,
    *,
    me: UserId,
    first_asked_at: datetime | None,
    claimed: Mapping[CommentId, AmendmentId],
    has_twin: bool,
) -> Found | Unclear | None:
    """Whether one of these is the comment asked for: the same author and words, made since it was
    first asked for (by Close's clock), and not known to be another of ours. None: none is.
    """
    words = canonical_text(amendment.body_html)
    alike = [
        comment
        for comment in comments
        if comment.user_id == me
        and claimed.get(comment.id, amendment.id) == amendment.id
        and canonical_text(comment.body_html) == words
        and not _is_surely_older(comment, first_asked_at)
    ]
    if not alike:
        return None
    is_sure = first_asked_at is not None and alike[0].created_at is not None and not has_twin
    return Found(alike[0]) if is_sure else Unclear(alike[0])


def _is_surely_older(comment: Comment, first_asked_at: datetime | None) -> bool:
    if first_asked_at is None or comment.created_at is None:
        return False
    return comment.created_at < first_asked_at - _CLOCK_ERROR

"""How a page of Close's list of notes goes into what is known of it. Pure; any thread."""

from collections.abc import Callable, Sequence
from typing import Final, TypeVar

from close_notes_gui.model.ids import NoteId

T = TypeVar("T")
_NEAR: Final = 10


def merged(
    known: Sequence[T],
    page: Sequence[T],
    *,
    skip: int,
    has_more: bool,
    id_of: Callable[[T], NoteId],
) -> tuple[T, ...]:
    """The list as known then: the page stands in it at `skip`, fresher than what was there.

    What Close no longer lists where the page was read is gone; of what comes behind the page
    nothing is known to have changed, unless the page has nothing in common with what is known. A
    later page that begins with what is known nearby stands there: something of ours that Close does
    not list yet may be before it.
    """
    ids = {id_of(item) for item in page}
    if skip and page:
        near = range(max(skip - _NEAR, 0), min(skip + _NEAR + 1, len(known)))
        skip = next((place for place in near if id_of(known[place]) == id_of(page[0])), skip)
    before = [item for item in known[:skip] if id_of(item) not in ids]
    behind = known[skip:]
    in_common = [place for place, item in enumerate(known) if id_of(item) in ids]
    if not has_more or not in_common:
        behind = ()
    elif in_common[-1] >= skip:
        behind = known[in_common[-1] + 1 :]
    return (*before, *page, *behind)

"""Pages of a list that changes while it is read: what is known ends up as the list is."""

from hypothesis import given
from hypothesis import strategies as st

from close_notes_gui.model.ids import NoteId
from close_notes_gui.model.paging import merged

IDS = st.lists(st.integers(0, 60).map(lambda n: NoteId(f"acti_{n}")), unique=True, max_size=40)


def ids(text: str) -> tuple[NoteId, ...]:
    return tuple(NoteId(one) for one in text.split())


def merge(known: str, page: str, *, skip: int = 0, has_more: bool = True) -> str:
    order = merged(ids(known), ids(page), skip=skip, has_more=has_more, id_of=lambda own: own)
    return " ".join(order)


def test_the_first_page_goes_on_top_of_what_is_known():
    assert merge("", "e d") == "e d"
    assert merge("d c b a", "e d") == "e d c b a"
    assert merge("e d c b a", "e d") == "e d c b a"


def test_what_the_page_no_longer_has_is_gone():
    assert merge("e d c b a", "e c") == "e c b a"
    assert merge("e d c b a", "d c") == "d c b a"


def test_a_page_that_has_nothing_in_common_with_what_is_known_says_nothing_of_the_rest():
    assert merge("c b a", "z y") == "z y"


def test_the_last_page_is_the_end():
    assert merge("e d c b a", "e d", has_more=False) == "e d"
    assert merge("e d c b a", "c", skip=2, has_more=False) == "e d c"
    assert merge("e d", "", has_more=False) == ""


def test_a_later_page_goes_behind_those_before_it():
    assert merge("e d", "c b", skip=2) == "e d c b"
    assert merge("e d", "d c b", skip=1) == "e d c b"
    assert merge("e d c b a", "c a", skip=2) == "e d c a"
    assert merge("e d c b", "d c", skip=2) == "e d c b"  # one was added on top meanwhile


def test_a_note_that_is_not_listed_yet_shifts_nothing():
    assert merge("sent e d c", "c b", skip=2) == "sent e d c b"


@given(known=IDS, there=IDS, size=st.integers(1, 7), overlap=st.integers(1, 3))
def test_read_to_the_end_it_is_as_close_has_it(
    known: list[NoteId], there: list[NoteId], size: int, overlap: int
):
    order, skip, has_more = tuple(known), 0, True
    while has_more:
        start = max(skip - overlap, 0)
        end = start + size + overlap
        page, has_more = there[start:end], len(there) > end
        order = merged(order, page, skip=start, has_more=has_more, id_of=lambda own: own)
        assert len(set(order)) == len(order)
        skip = end
    assert list(order) == there


@given(known=IDS, page=IDS, skip=st.integers(0, 50), has_more=st.booleans())
def test_each_is_named_once_and_the_page_is_in_it(known, page, skip, has_more):
    order = merged(known, page, skip=skip, has_more=has_more, id_of=lambda own: own)
    assert len(set(order)) == len(order)
    assert [one for one in order if one in set(page)] == page
    assert set(order) <= {*known, *page}

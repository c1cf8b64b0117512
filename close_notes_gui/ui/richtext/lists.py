"""Lists on a cursor: make, nest, lift, convert and leave them.

UI thread. Every function is one undo step and leaves the cursor's selection where it was.
"""

from PySide6.QtGui import QTextBlock, QTextCursor

from close_notes_gui.markup.policy import MAX_DEPTH
from close_notes_gui.ui.richtext import places
from close_notes_gui.ui.richtext.blocks import (
    blocks_in,
    container_end,
    following,
    move,
    one_step,
    put_below,
    repair,
    split_code,
    with_followers,
)
from close_notes_gui.ui.richtext.places import CODE_BLOCK, RULE, Place, is_list, place_of


def in_list(block: QTextBlock, *, numbered: bool | None = None) -> bool:
    """Whether the block stands in a list (of that kind)."""
    place = place_of(block)
    if place.item < 0:
        return False
    return numbered is None or (place.path[place.item - 1][0] == "o") == numbered


def toggle_list(cursor: QTextCursor, *, numbered: bool, start: int = 1) -> None:
    """Make the selected blocks a list, turn a list of the other kind, or take them out of it."""
    with one_step(cursor):
        blocks = blocks_in(cursor)
        if all(in_list(block, numbered=numbered) for block in blocks):
            leave_lists(blocks)
            return
        blocks = _as_paragraphs(blocks)
        for block in blocks:
            place = place_of(block)
            if place.kind == RULE or in_list(block, numbered=numbered):
                continue
            if in_list(block):
                _convert(block, numbered=numbered)
            else:
                entry = _list_above(block, place, numbered=numbered)
                entry = entry or places.new_list(numbered=numbered, start=start)
                move(block, Place((*place.path, entry, places.new_item())))
        _join_list_below(blocks[-1])


def _as_paragraphs(blocks: list[QTextBlock]) -> list[QTextBlock]:
    out: list[QTextBlock] = []
    for block in blocks:
        out.extend(split_code(block) if place_of(block).kind == CODE_BLOCK else [block])
    return out


def _list_above(block: QTextBlock, place: Place, *, numbered: bool) -> str | None:
    """The list that ends right above the block, in the same containers."""
    above = block.previous()
    if not above.isValid():
        return None
    path = place_of(above).path
    depth = len(place.path)
    if (
        len(path) > depth
        and path[:depth] == place.path
        and path[depth][0] == ("o" if numbered else "u")
    ):
        return path[depth]
    return None


def _join_list_below(block: QTextBlock) -> None:
    """Make the list that begins right below the block, of the same kind, one with its list."""
    place, below = place_of(block), block.next()
    if place.item < 0 or not below.isValid():
        return
    depth = place.item - 1
    path = place_of(below).path
    if (
        len(path) > depth
        and path[:depth] == place.path[:depth]
        and path[depth][0] == place.path[depth][0]
    ):
        old = path[: depth + 1]
        put_below(with_followers(below, old), old, place.path[: depth + 1])


def _convert(block: QTextBlock, *, numbered: bool) -> None:
    """Turn the whole list around the block into one of the other kind."""
    place = place_of(block)
    old = place.path[: place.item]
    first = block
    while first.previous().isValid() and place_of(first.previous()).path[: len(old)] == old:
        first = first.previous()
    new = (*old[:-1], places.new_list(numbered=numbered))
    put_below(with_followers(first, old), old, new)


def leave_lists(blocks: list[QTextBlock]) -> None:
    """Take blocks out of every list they stand in; quotes stay."""
    for block in blocks:
        place = place_of(block)
        if place.item < 0:
            continue
        move(block, place.at(*(entry for entry in place.path if entry[0] == "q")))
        _part_lists_below(block, place.path)
    repair(blocks[-1].next())


def _part_lists_below(block: QTextBlock, path: tuple[str, ...]) -> None:
    """What is left of these lists below the block becomes lists of their own."""
    for depth, entry in enumerate(path):
        if is_list(entry):
            old = path[: depth + 1]
            followers = list(following(block, old))
            if followers:
                new = (*path[:depth], places.new_list(numbered=entry[0] == "o"))
                put_below(followers, old, new)
                return


def indent(cursor: QTextCursor) -> bool:
    """Nest the selected items below the item above them; False where none can be."""
    done = False
    with one_step(cursor):
        inside: tuple[str, ...] = ()
        for block in blocks_in(cursor):
            place = place_of(block)
            if place.item < 0 or (inside and inside[-1] in place.path):
                continue
            prefix = place.path[: place.item + 1]
            inside = prefix
            done = _nest(_head(block, prefix), prefix) or done
    return done


def _head(block: QTextBlock, prefix: tuple[str, ...]) -> QTextBlock:
    """The first block of the item around the block."""
    while block.previous().isValid() and place_of(block.previous()).path[: len(prefix)] == prefix:
        block = block.previous()
    return block


def _nest(head: QTextBlock, prefix: tuple[str, ...]) -> bool:
    above = head.previous()
    path = place_of(above).path if above.isValid() else ()
    depth = len(prefix) - 1
    if path[:depth] != prefix[:depth] or len(path) <= depth:
        return False
    blocks = with_followers(head, prefix)
    if max(_containers(place_of(block)) for block in blocks) >= MAX_DEPTH:
        return False
    if len(path) > depth + 1 and is_list(path[depth + 1]):
        entry = path[depth + 1]
    else:
        entry = places.new_list(numbered=prefix[-2][0] == "o")
    put_below(blocks, prefix, (*path[: depth + 1], entry, prefix[-1]))
    return True


def _containers(place: Place) -> int:
    return sum(1 for entry in place.path if entry[0] != "i")


def outdent(cursor: QTextCursor) -> bool:
    """Lift the selected items one level, out of the list at the last; False outside lists."""
    done = False
    with one_step(cursor):
        blocks = blocks_in(cursor)
        inside: tuple[str, ...] = ()
        for block in blocks:
            place = place_of(block)
            if place.item < 0 or (inside and inside[-1] in place.path):
                continue
            prefix = place.path[: place.item + 1]
            inside = prefix
            _lift(_head(block, prefix), prefix)
            done = True
        if done:
            repair(blocks[0], last=container_end(blocks[-1]))
    return done


def _lift(head: QTextBlock, prefix: tuple[str, ...]) -> None:
    outer = prefix[:-2]
    blocks = with_followers(head, prefix)
    if outer and outer[-1][0] == "i":
        # What follows in the parent item goes along, below the lifted item; what was beside it
        # joins a list of its kind that the item ends with.
        lifted, beside = (*outer[:-1], prefix[-1]), prefix[:-1]
        own = place_of(blocks[-1]).path[len(prefix) :]
        siblings = with_followers(blocks[-1], beside)[1:]
        put_below(with_followers(blocks[-1], outer)[1:], outer, lifted)
        put_below(blocks, prefix, lifted)
        if own and own[0][0] == beside[-1][0]:
            put_below(siblings, (*lifted, beside[-1]), (*lifted, own[0]))
        return
    put_below(blocks, prefix, outer)
    _part_lists_below(blocks[-1], prefix)

"""What an element means by itself: its tag and attributes, read once for all its likes.

Any thread. Documents repeat the same few elements thousands of times; a reader keeps what it
learned of each.
"""

from typing import Final

from close_notes_gui.markup.style import MARK_TAGS, NO_STYLE, marks_inside, read_style
from close_notes_gui.model.richtext import Marks

HEADINGS: Final = {f"h{level}": level for level in range(1, 7)}
BLOCK_TAGS: Final = frozenset(
    "address article aside blockquote caption center dd details div dl dt fieldset figcaption"
    " figure footer form header hgroup hr legend li main nav ol p pre section summary table"
    " tbody td tfoot th thead tr ul".split()
) | frozenset(HEADINGS)
_ACTING_TAGS = frozenset({"br", "img", "input", "q"})
INLINE_TAGS: Final = MARK_TAGS | _ACTING_TAGS | {"span"}
DROPPED_TAGS: Final = frozenset(
    "applet audio canvas embed head iframe math noembed noframes noscript object script style"
    " svg template title video xml".split()
)
_KEEPS_SPACE = ("pre", "pre-wrap", "break-spaces", "pre-line")


class Element:
    """Invariant: the same for every element with this tag and these attributes.

    `space` is "keep" or "fold", None where it does not say; `is_transparent`: what is inside
    is as if the element were not there.
    """

    __slots__ = (
        "_inside",
        "attributes",
        "heading",
        "is_block",
        "is_hidden",
        "is_inline",
        "is_transparent",
        "marks",
        "space",
        "style",
        "tag",
    )

    def __init__(self, tag: str, attributes: dict[str, str]) -> None:
        self.tag = tag
        self.attributes = attributes
        self.style = style = read_style(_css(tag, attributes))
        self.is_hidden = tag in DROPPED_TAGS or style.hidden or "hidden" in attributes
        self.heading = HEADINGS.get(tag, 0)
        self.is_block = tag in BLOCK_TAGS
        self.is_inline = tag in INLINE_TAGS
        self.marks = tag in MARK_TAGS or style is not NO_STYLE
        self.space = None
        if style.space is not None:
            self.space = "keep" if style.space in _KEEPS_SPACE else "fold"
        acts = self.is_block or tag in _ACTING_TAGS or bool({"class", "data-type"} & {*attributes})
        self.is_transparent = not (acts or self.marks)
        self._inside: dict[Marks, Marks] = {}

    def marks_inside(self, outer: Marks, *, plain_looks: bool) -> Marks:
        """The marks of text inside; always asked with the same `plain_looks`."""
        inside = self._inside.get(outer)
        if inside is None:
            inside = self._inside[outer] = marks_inside(
                outer,
                tag=self.tag,
                style=self.style,
                link=self.attributes.get("href"),
                plain_looks=plain_looks,
            )
        return inside


def _css(tag: str, attributes: dict[str, str]) -> str:
    css = attributes.get("style", "")
    if tag == "font" and "color" in attributes:
        return f"color: {attributes['color'][:40]};{css}"
    return css


class Elements(dict[tuple[str, ...], Element]):
    """Elements met so far, by tag and attributes: (tag, name, value, name, value, ...)."""

    def __missing__(self, key: tuple[str, ...]) -> Element:
        element = self[key] = Element(key[0], dict(zip(key[1::2], key[2::2], strict=True)))
        return element

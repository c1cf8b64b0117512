"""Rich text as a tree that can hold what `note_html` may hold, and nothing else.

Any thread. The tree is the only road between the editor, foreign HTML, Markdown
and `note_html`: what it cannot express cannot reach Close.
Never imports Qt; normal form and text are in `markup`.
"""

from close_notes_gui.model.values import dataclass

EMPTY_NOTE_HTML = "<body><p></p></body>"


@dataclass(frozen=True, slots=True)
class Marks:
    """How a run of text is set off.

    Invariant of the normal form: `code` stands alone (Close's editor drops every other mark
    beside it); `color` is `#rrggbb` in lower case; `link` is an absolute http(s), mailto or
    tel address.
    """

    bold: bool = False
    italic: bool = False
    underline: bool = False
    strike: bool = False
    code: bool = False
    color: str | None = None
    link: str | None = None


PLAIN = Marks()


@dataclass(frozen=True, slots=True)
class Text:
    """A run of characters with the same marks. Normal form: not empty, no control characters,
    no lone surrogates, no tab (four no-break-able spaces), neighbours differ in marks.
    """

    text: str
    marks: Marks = PLAIN


@dataclass(frozen=True, slots=True)
class LineBreak:
    """A `<br />` inside a paragraph. Carries no marks."""


@dataclass(frozen=True, slots=True)
class Mention:
    """A user or a group called to the note. `id` is `user_…` or `group_…`; shown as `@label`."""

    id: str
    label: str
    marks: Marks = PLAIN


@dataclass(frozen=True, slots=True)
class Image:
    """A picture by its address (http or https). Never fetched by this program."""

    src: str
    alt: str = ""
    marks: Marks = PLAIN


Inline = Text | LineBreak | Mention | Image


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph; empty `inlines` is an empty line."""

    inlines: tuple[Inline, ...] = ()


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading, `level` 1 to 6."""

    level: int
    inlines: tuple[Inline, ...] = ()


@dataclass(frozen=True, slots=True)
class CodeBlock:
    """Preformatted lines joined by newlines, without marks; `language` may be empty."""

    text: str
    language: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """A horizontal rule."""


@dataclass(frozen=True, slots=True)
class Quote:
    """A block quote; normal form: at least one block."""

    blocks: "tuple[Block, ...]"


@dataclass(frozen=True, slots=True)
class ListItem:
    """An item; normal form: the first block is a Paragraph (Close's editor splits others off)."""

    blocks: "tuple[Block, ...]"


@dataclass(frozen=True, slots=True)
class BulletList:
    """`<ul>`; normal form: at least one item."""

    items: tuple[ListItem, ...]


@dataclass(frozen=True, slots=True)
class NumberedList:
    """`<ol>`; `start` is the first number, 1 or more. Normal form: at least one item."""

    items: tuple[ListItem, ...]
    start: int = 1


Block = Paragraph | Heading | CodeBlock | Rule | Quote | BulletList | NumberedList


@dataclass(frozen=True, slots=True)
class RichText:
    """A whole note. Normal form: at least one block; an empty note is one empty Paragraph."""

    blocks: tuple[Block, ...] = (Paragraph(),)


EMPTY = RichText()

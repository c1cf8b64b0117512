"""Rich-text tree to `note_html` and back. Canonical: the same tree gives the same bytes.

Any thread. What is written holds only what the allow-list in `policy` names, in the
spelling that Close's editor (TipTap) reads without loss: no mark beside code, no marks in
`pre`, a bare `<li>` for one paragraph. Never alters a tree that is in normal form.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from close_notes_gui.markup.degrade import degrade
from close_notes_gui.markup.policy import DEFAULT, Policy
from close_notes_gui.model.richtext import (
    Block,
    BulletList,
    CodeBlock,
    Heading,
    Image,
    Inline,
    LineBreak,
    ListItem,
    Marks,
    Mention,
    NumberedList,
    Paragraph,
    Quote,
    RichText,
    Text,
)

InlineWriter = Callable[[tuple[Inline, ...]], str]


@dataclass(frozen=True, slots=True)
class ReadNote:
    """A note as read. `lost` names the tags or styles whose effect the tree cannot hold
    (their text is kept), so that an edit can be preceded by a warning; empty: nothing lost.
    """

    tree: RichText
    lost: tuple[str, ...] = ()


def read_note(note_html: str) -> ReadNote:
    """Read a note that anyone wrote in Close. Never raises; the tree is in normal form."""
    # Here, because the reader of foreign HTML writes notes, too.
    from close_notes_gui.markup.foreign import read  # noqa: PLC0415

    return read(note_html)


def from_note_html(note_html: str) -> RichText:
    """The tree of a note; the identity on what `to_note_html` writes. Never raises."""
    return read_note(note_html).tree


def to_note_html(
    tree: RichText, *, policy: Policy = DEFAULT, inline: InlineWriter | None = None
) -> str:
    """`note_html` of a tree in normal form (see `normal.normalize`).

    `inline` writes the content of one paragraph; pass an `InlineCache` that outlives the
    call to write a long document again after a small change.
    """
    if policy.without:
        tree = degrade(tree, policy=policy)
    out = ["<body>"]
    _write(tree.blocks, out, inline or inline_xhtml)
    out.append("</body>")
    return "".join(out)


def inline_xhtml(inlines: tuple[Inline, ...]) -> str:
    """XHTML of the content of one paragraph or heading in normal form."""
    out: list[str] = []
    open_tags: tuple[tuple[str, str], ...] = ()
    for inline in inlines:
        tags = () if isinstance(inline, LineBreak) else _mark_tags(inline.marks)
        if tags != open_tags:
            shared = 0
            while shared < min(len(open_tags), len(tags)) and open_tags[shared] == tags[shared]:
                shared += 1
            out.extend(end for _, end in reversed(open_tags[shared:]))
            out.extend(start for start, _ in tags[shared:])
            open_tags = tags
        out.append(_escaped(inline.text) if isinstance(inline, Text) else _atom_xhtml(inline))
    out.extend(end for _, end in reversed(open_tags))
    return "".join(out)


class InlineCache:
    """Remembers the XHTML of each paragraph by identity of its `inlines` tuple.

    Invariant: an entry keeps its tuple alive, so an identity never names another tuple.
    One thread. Pass it as `inline=` and call `sweep` after each writing: what the last
    writing did not ask for is forgotten.
    """

    def __init__(self) -> None:
        self._fresh: dict[int, tuple[tuple[Inline, ...], str]] = {}
        self._old: dict[int, tuple[tuple[Inline, ...], str]] = {}

    def __call__(self, inlines: tuple[Inline, ...]) -> str:
        key = id(inlines)
        entry = self._fresh.get(key) or self._old.get(key)
        if entry is None:
            entry = (inlines, inline_xhtml(inlines))
        self._fresh[key] = entry
        return entry[1]

    def sweep(self) -> None:
        """Forget what was not asked for since the last sweep."""
        self._old, self._fresh = self._fresh, {}


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _attribute(text: str) -> str:
    return _escaped(text).replace('"', "&quot;")


@lru_cache(maxsize=1024)
def _mark_tags(marks: Marks) -> tuple[tuple[str, str], ...]:
    """(start, end) tags, outermost first."""
    if marks.code:
        return (("<code>", "</code>"),)
    tags: list[tuple[str, str]] = []
    if marks.link:
        tags.append((f'<a href="{_attribute(marks.link)}">', "</a>"))
    if marks.color:
        tags.append((f'<span style="color: {marks.color};">', "</span>"))
    names = (
        ("strong", marks.bold),
        ("em", marks.italic),
        ("u", marks.underline),
        ("s", marks.strike),
    )
    tags.extend((f"<{name}>", f"</{name}>") for name, on in names if on)
    return tuple(tags)


def _atom_xhtml(inline: LineBreak | Mention | Image) -> str:
    if isinstance(inline, LineBreak):
        return "<br />"
    if isinstance(inline, Image):
        return f'<img src="{_attribute(inline.src)}" alt="{_attribute(inline.alt)}" />'
    label = _attribute(inline.label)
    return (
        f'<span data-type="mention" data-id="{inline.id}" data-label="{label}" class="mention">'
        f"@{_escaped(inline.label)}</span>"
    )


def _write(blocks: tuple[Block, ...], out: list[str], inline: InlineWriter) -> None:
    for block in blocks:
        if isinstance(block, Paragraph):
            out.append(f"<p>{inline(block.inlines)}</p>")
        elif isinstance(block, Heading):
            out.append(f"<h{block.level}>{inline(block.inlines)}</h{block.level}>")
        elif isinstance(block, CodeBlock):
            language = f' class="language-{block.language}"' if block.language else ""
            out.append(f"<pre><code{language}>{_escaped(block.text)}</code></pre>")
        elif isinstance(block, Quote):
            out.append("<blockquote>")
            _write(block.blocks, out, inline)
            out.append("</blockquote>")
        elif isinstance(block, BulletList):
            _write_items("<ul>", block.items, "</ul>", out, inline)
        elif isinstance(block, NumberedList):
            start = "<ol>" if block.start == 1 else f'<ol start="{block.start}">'
            _write_items(start, block.items, "</ol>", out, inline)
        else:
            out.append("<hr />")


def _write_items(
    start: str, items: tuple[ListItem, ...], end: str, out: list[str], inline: InlineWriter
) -> None:
    out.append(start)
    for item in items:
        out.append("<li>")
        first = item.blocks[0]
        if len(item.blocks) == 1 and isinstance(first, Paragraph) and first.inlines:
            out.append(inline(first.inlines))
        else:
            _write(item.blocks, out, inline)
        out.append("</li>")
    out.append(end)

"""Respell constructs that a policy switches off, in documented ones, without losing text.

Any thread. Pure: a normal tree in, a normal tree out.
"""

from collections.abc import Callable

from close_notes_gui.markup.normal import bold_paragraph, normalize
from close_notes_gui.markup.policy import Policy
from close_notes_gui.model.richtext import (
    Block,
    BulletList,
    CodeBlock,
    Heading,
    Inline,
    LineBreak,
    ListItem,
    Marks,
    NumberedList,
    Paragraph,
    Quote,
    RichText,
    Text,
)

_QUOTE_SIGN = Text("> ")
_CODE = Marks(code=True)


def degrade(tree: RichText, *, policy: Policy) -> RichText:
    """`tree` with only what `policy` allows: a quote becomes paragraphs after "> ", a code
    block a paragraph of code, a minor heading a paragraph in bold; start numbers and
    languages are dropped.
    """
    return normalize(RichText(_blocks(tree.blocks, policy)))


def _blocks(blocks: tuple[Block, ...], policy: Policy) -> tuple[Block, ...]:
    out: list[Block] = []
    for block in blocks:
        if isinstance(block, Quote):
            inner = _blocks(block.blocks, policy)
            out.extend((Quote(inner),) if policy.allows("quote") else _signed(inner))
        elif isinstance(block, BulletList):
            out.append(BulletList(_items(block.items, lambda inner: _blocks(inner, policy))))
        elif isinstance(block, NumberedList):
            start = block.start if policy.allows("start_number") else 1
            out.append(
                NumberedList(_items(block.items, lambda inner: _blocks(inner, policy)), start)
            )
        else:
            out.append(_leaf(block, policy))
    return tuple(out)


def _items(
    items: tuple[ListItem, ...], change: Callable[[tuple[Block, ...]], tuple[Block, ...]]
) -> tuple[ListItem, ...]:
    return tuple(ListItem(change(item.blocks)) for item in items)


def _leaf(block: Block, policy: Policy) -> Block:
    if isinstance(block, Heading) and block.level > 1 and not policy.allows("minor_heading"):
        return bold_paragraph(block)
    if isinstance(block, CodeBlock) and not policy.allows("code_block"):
        return Paragraph(_code_lines(block.text))
    if isinstance(block, CodeBlock) and not policy.allows("code_language"):
        return CodeBlock(block.text)
    return block


def _code_lines(text: str) -> tuple[Inline, ...]:
    out: list[Inline] = []
    for number, line in enumerate(text.split("\n")):
        if number:
            out.append(LineBreak())
        out.append(Text(line, _CODE))
    return tuple(out)


def _signed(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """Blocks of a quote, each paragraph after a "> " of its own."""
    out: list[Block] = []
    for block in blocks:
        if isinstance(block, Paragraph):
            out.append(Paragraph((_QUOTE_SIGN, *block.inlines)))
        elif isinstance(block, Heading):
            out.append(Heading(block.level, (_QUOTE_SIGN, *block.inlines)))
        elif isinstance(block, BulletList):
            out.append(BulletList(_items(block.items, _signed)))
        elif isinstance(block, NumberedList):
            out.append(NumberedList(_items(block.items, _signed), block.start))
        else:
            out.append(block)
    return tuple(out)

"""Random rich-text trees by number: cheap enough to put a thousand of them before the judge."""

from random import Random

from close_notes_gui.markup import normalize
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
    Rule,
    Text,
)

_WORDS = [
    "a", " ", "  ", "\u00a0", "\t", "word", "two words ", " <b>&amp;", "]]>", "\"'", "e\u0301", "שלום", "漢字",
    "👩\u200d💻", "𝓐", "\u202e", "# ", "- ", "@x", "https://e.com",
]  # fmt: skip


def random_tree(seed: int) -> RichText:
    """The tree of that number, in normal form; always the same one."""
    random = Random(seed)
    return normalize(RichText(_blocks(random, 2)))


def _blocks(random: Random, depth: int) -> tuple[Block, ...]:
    return tuple(_block(random, depth) for _ in range(random.randint(1, 3)))


def _block(random: Random, depth: int) -> Block:
    kind = random.randrange(10 if depth else 6)
    if kind < 3:
        return Paragraph(_inlines(random))
    if kind == 3:
        return Heading(random.randint(1, 6), _inlines(random))
    if kind == 4:
        lines = ["".join(random.choices(_WORDS, k=random.randint(0, 2))) for _ in range(3)]
        return CodeBlock("\n".join(lines[: random.randint(1, 3)]), random.choice(["", "py"]))
    if kind == 5:
        return Rule()
    if kind == 6:
        return Quote(_blocks(random, depth - 1))
    items = tuple(ListItem(_blocks(random, depth - 1)) for _ in range(random.randint(1, 2)))
    return BulletList(items) if kind < 9 else NumberedList(items, random.choice([1, 1, 3]))


def _inlines(random: Random) -> tuple[Inline, ...]:
    return tuple(_inline(random) for _ in range(random.randint(0, 3)))


def _inline(random: Random) -> Inline:
    marks = _marks(random)
    kind = random.randrange(8)
    if kind == 0:
        return LineBreak()
    if kind == 1:
        return Mention(
            random.choice(["user_1", "group_Ab9"]), random.choice(["Jo", 'Z "Z" <O>']), marks
        )
    if kind == 2:
        return Image("https://e.com/i.png?a=1&b=2", random.choice(["", 'a & "b"']), marks)
    return Text("".join(random.choices(_WORDS, k=random.randint(1, 3))), marks)


def _marks(random: Random) -> Marks:
    return Marks(
        bold=random.random() < 0.3,
        italic=random.random() < 0.2,
        underline=random.random() < 0.2,
        strike=random.random() < 0.2,
        code=random.random() < 0.15,
        color=random.choice([None, None, "#ff0000", "#123abc"]),
        link=random.choice([None, None, "https://example.com/?a=1&b=2", "mailto:jo@example.com"]),
    )

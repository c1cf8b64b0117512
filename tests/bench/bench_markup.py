"""What cleaning, checking and writing notes costs, against plain nh3 in the same run.

Run: `python tests/bench/bench_markup.py`. Plain nh3 only takes elements out; ours also reads
styles (bold, colours, hidden text), rebuilds Word's lists, turns tables into lines and builds
the tree. CPU time, best of several, so that other programs on the machine do not count.
"""

import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from xml.parsers import expat

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import markdown
import nh3
from markdown_it import MarkdownIt

from close_notes_gui.markup import (
    InlineCache,
    check,
    foreign_to_tree,
    from_note_html,
    markdown_to_tree,
    sanitize_html,
    to_note_html,
)
from close_notes_gui.markup.foreign import _through_nh3
from close_notes_gui.model.richtext import Paragraph, RichText, Text

CORPUS = Path(__file__).parent.parent / "corpus" / "clipboard"
KB = 1000
NOTE_TAGS = set(
    "h1 h2 h3 h4 h5 h6 p em strong b i u s del span code pre a img hr ul ol li br blockquote".split()
)

HOSTILE = {
    "nested div": "<div>",
    "nested lists": "<ul><li>",
    "nested tables": "<table><tr><td>",
    "unclosed p": "<p>x",
    "unclosed b": "<b>",
    "b in p": "<b><p></b>x</p>",
    "text in table": "<table>x",
    "formatting in table": "x<i>y</i>",
    "open tags": "<a ",
    "open quotes": '<a href="',
    "attributes": 'x=">" ',
    "ampersands": "&",
    "entities": "&amp;",
    "comments": "<!--",
    "breaks": "<br>",
    "list items": "<li>x",
    "cells": "<td>x",
    "word items": '<p style="mso-list:l0 level1 lfo1">x</p>',
    "ends in comments": "<ul><li><!--</ul>-->",
    "ends in scripts": "<div><script></div></script>",
    "ends out of scope": "<div><object></div></object>",
    "mentions": "<span data-type=mention data-id=user_1 data-label=x>x</span>",
}
HOSTILE_START = {"attributes": "<p ", "formatting in table": "<table>", "cells": "<table><tr>"}
HOSTILE_MARKDOWN = [
    "[",
    "![",
    "**a ",
    "*a_",
    "`",
    "> ",
    "- ",
    "[a](",
    "<",
    "&",
    "|",
    "<!--",
    "[[a]",
]


def seconds(work: Callable[[], object], *, runs: int = 5) -> float:
    best = float("inf")
    for _ in range(runs):
        begun = time.process_time()
        work()
        best = min(best, time.process_time() - begun)
    return best


def word_html(size: int) -> str:
    """The paragraphs of Word's clipboard, over and over, after its real head."""
    html = (CORPUS / "word_list.html").read_text(encoding="utf-8")
    begin, end = html.index("<!--StartFragment-->"), html.index("<!--EndFragment-->")
    body = html[begin:end]
    return html[:begin] + body * max(1, size // len(body)) + html[end:]


def note(size: int) -> str:
    """A note as people write them, of about that size."""
    piece = (CORPUS / "google_docs.expected").read_text(encoding="utf-8").strip()[6:-7]
    piece += "<p>They asked when we can start, and whether legal has seen the terms. </p>" * 8
    return f"<body>{piece * max(1, size // len(piece))}</body>"


def clean() -> None:
    print("Word HTML, cleaned    plain nh3      ours   ratio   of it nh3 and an idle parser")
    for size in (10 * KB, 100 * KB, 1000 * KB):
        html = word_html(size)
        plain = seconds(partial(nh3.clean, html, tags=NOTE_TAGS))
        ours = seconds(partial(foreign_to_tree, html))
        least = seconds(partial(idle, html))
        print(
            f"{size // KB:>10} KB     {plain * 1000:9.2f} ms {ours * 1000:9.2f} ms"
            f" {ours / plain:6.1f} x {least / plain:6.1f} x"
        )


def idle(html: str) -> None:
    """What is spent before the first line of our own reader: what it takes at least."""
    parser = expat.ParserCreate()
    parser.buffer_text = parser.ordered_attributes = True
    parser.StartElementHandler = lambda _tag, _attributes: None
    parser.EndElementHandler = lambda _tag: None
    parser.CharacterDataHandler = lambda _text: None
    parser.Parse(_through_nh3(html), True)


def notes() -> None:
    print("\nnotes              10 KB     100 KB       1 MB")
    texts = [note(size) for size in (10 * KB, 100 * KB, 1000 * KB)]
    trees = [from_note_html(text) for text in texts]
    rows: dict[str, list[float]] = {
        "read": [seconds(partial(from_note_html, t), runs=3) for t in texts],
        "write": [seconds(partial(to_note_html, t), runs=3) for t in trees],
        "gate (with bleach)": [seconds(partial(check, t), runs=2) for t in texts],
        "write after a key": [seconds(after_a_key(tree)) for tree in trees],
    }
    for name, times in rows.items():
        print(f"{name:<18}" + "".join(f"{t * 1000:8.2f} ms" for t in times))


def after_a_key(tree: RichText) -> Callable[[], object]:
    cache = InlineCache()
    to_note_html(tree, inline=cache)
    cache.sweep()

    def work() -> None:
        changed = RichText((*tree.blocks[:-1], Paragraph((Text("typed"),))))
        to_note_html(changed, inline=cache)
        cache.sweep()

    return work


def hostile() -> None:
    print("\nhostile HTML        100 KB       1 MB   growth (10 is linear)")
    for name, piece in HOSTILE.items():
        begin = HOSTILE_START.get(name, "")
        texts = [begin + piece * (size // len(piece)) for size in (100 * KB, 1000 * KB)]
        times = [seconds(partial(sanitize_html, text), runs=1) for text in texts]
        print(
            f"{name:<16}{times[0]:8.3f} s {times[1]:8.3f} s {times[1] / max(times[0], 1e-4):7.1f}"
        )


def markdowns() -> None:
    text = (
        "# Call\n\nThey want **the plan**, *soon*:\n- one\n  - two `x`\n- [three](https://e.com)\n\n"
        "| a | b |\n|---|---|\n| 1 | 2 |\n\n"
    ) * 800
    ours = seconds(lambda: markdown_to_tree(text), runs=2)
    plain = seconds(lambda: markdown.markdown(text, extensions=["tables", "sane_lists"]), runs=2)
    judge = seconds(lambda: MarkdownIt().render(text), runs=2)
    print(
        f"\nMarkdown, {len(text) // KB} KB: ours {ours:.2f} s to the tree, "
        f"python-markdown {plain:.2f} s and markdown-it {judge:.2f} s to HTML"
    )
    print("hostile Markdown     20 KB     200 KB   growth (10 is linear)")
    for piece in HOSTILE_MARKDOWN:
        texts = [piece * (size // len(piece)) for size in (20 * KB, 200 * KB)]
        times = [seconds(partial(markdown_to_tree, text), runs=1) for text in texts]
        print(
            f"{piece:<16}{times[0]:8.3f} s {times[1]:8.3f} s {times[1] / max(times[0], 1e-4):7.1f}"
        )


if __name__ == "__main__":
    sanitize_html("<p>warm</p>")
    clean()
    notes()
    hostile()
    markdowns()

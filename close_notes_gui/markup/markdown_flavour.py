"""python-markdown put together for notes: which of its parts stay and which are ours.

Any thread. Only `markup.markdown` imports this, when first needed.
"""

import re
import string
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.extensions import Extension
from markdown.inlinepatterns import InlineProcessor

from close_notes_gui.markup.markdown_blocks import LineParser
from close_notes_gui.markup.markdown_emphasis import EmphasisProcessor

_ADDRESS = r"(?<![\w/.@-])((?:https?://|www\.)[^\s<>\u0002\u0003\"]{1,2000})"
_TRAILING = re.compile(r"[?!.,:;*_~'\")\]]+$")


class _BareAddress(InlineProcessor):
    """An address written as it is becomes a link, without the punctuation after it."""

    ANCESTOR_EXCLUDES = ("a",)

    def handleMatch(  # type: ignore[override]  # noqa: N802
        self,
        m: re.Match[str],
        data: str,  # noqa: ARG002 - the signature of python-markdown
    ) -> tuple[Element | None, int | None, int | None]:
        shown = m[1]
        while (cut := _TRAILING.search(shown)) is not None:
            if cut[0].startswith(")") and shown.count("(") >= shown.count(")"):
                break
            shown = shown[:-1]
        if shown in ("http://", "https://", "www", "www."):
            return None, None, None
        element = Element("a", href=shown if "://" in shown else f"https://{shown}")
        element.text = shown
        return element, m.start(1), m.start(1) + len(shown)


class _Break(InlineProcessor):
    """A single newline is a break, as the writer saw it."""

    def handleMatch(  # type: ignore[override]  # noqa: N802
        self,
        m: re.Match[str],
        data: str,  # noqa: ARG002 - the signature of python-markdown
    ) -> tuple[Element, int, int]:
        return Element("br"), m.start(0), m.end(0)


class _Flavour(Extension):
    """Ours: blocks (by lines, as CommonMark), emphasis, bare addresses, breaks."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802
        md.preprocessors.deregister("html_block")
        md.preprocessors.deregister("normalize_whitespace")
        md.treeprocessors.deregister("prettify")
        for name in ("linebreak", "not_strong", "em_strong", "em_strong2"):
            md.inlinePatterns.deregister(name, strict=False)
        md.inlinePatterns.register(_BareAddress(_ADDRESS, md), "bare_address", 105)
        md.inlinePatterns.register(_Break(r"\n", md), "newline", 20)
        md.inlinePatterns.register(EmphasisProcessor(md), "emphasis", 10)
        md.ESCAPED_CHARS = list(string.punctuation)
        md.parser = LineParser(md)


def render(text: str) -> str:
    """HTML of a Markdown text, raw HTML in it left as it is: clean it afterwards."""
    return Markdown(extensions=[_Flavour()]).convert(text.removesuffix("\n"))

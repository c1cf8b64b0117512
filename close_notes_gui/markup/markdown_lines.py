"""What a single line of Markdown can begin: the patterns of CommonMark's blocks.

Any thread. Pure functions on strings.
"""

import re

FENCE = re.compile(r"( {0,3})(`{3,}(?=[^`]*$)|~{3,})(.*)$")
HEADING = re.compile(r" {0,3}(#{1,6})(?:[ \t]+(.*)|())$")
UNDERLINE = re.compile(r" {0,3}(=+|-+)[ \t]*$")
RULE = re.compile(r" {0,3}(?:(?:-[ \t]*){3,}|(?:\*[ \t]*){3,}|(?:_[ \t]*){3,})$")
QUOTE = re.compile(r" {0,3}>")
MARKER = re.compile(r"( {0,3})([-+*]|[0-9]{1,9}[.)])(?:([ \t]+)(?=\S)|(?=[ \t]*$)())(.*)$")
DEFINITION = re.compile(
    r"\[((?:[^\[\]\\]|\\.){1,200})\]:\s*(\S+)"
    r"(?:\s+(?:\"[^\"]*\"|'[^']*'|\([^)]*\)))?\s*$"
)
TABLE_RULE = re.compile(r" {0,3}(?=.*\|)\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$")

_HTML_NAMES = (
    "address article aside base basefont blockquote body caption center col colgroup dd details"
    " dialog dir div dl dt fieldset figcaption figure footer form frame frameset h1 h2 h3 h4 h5 h6"
    " head header hr html iframe legend li link main menu menuitem nav noframes ol optgroup option"
    " p param search section summary table tbody td tfoot th thead title tr track ul"
).split()
_HTML_BLOCK = re.compile(rf" {{0,3}}</?(?:{'|'.join(_HTML_NAMES)})(?:[\s/>]|$)", re.IGNORECASE)
_HTML_VERBATIM = re.compile(r" {0,3}<(pre|script|style|textarea)(?:[\s>]|$)", re.IGNORECASE)
_HTML_COMMENT = re.compile(r" {0,3}<(?:!--|\?|![A-Za-z]|!\[CDATA\[)")
_HTML_ALONE = re.compile(
    r" {0,3}(?:<[a-zA-Z][\w-]*"
    r"(?:\s+[\w:.-]+(?:\s*=\s*(?:[^\s\"'=<>`]+|'[^']*'|\"[^\"]*\"))?)*\s*/?>"
    r"|</[a-zA-Z][\w-]*\s*>)\s*$"
)
_CELL_EDGE = re.compile(r"(?<!\\)\|")
_BRACKET = re.compile(r"\\.|[\[\]]|`+", re.DOTALL)
_TICKS = re.compile("`+")
_MOST_NESTED_BRACKETS = 6


def indent_of(line: str) -> int:
    """The width of the white space a line begins with, tabs to stops of four."""
    width = 0
    for character in line:
        if character == " ":
            width += 1
        elif character == "\t":
            width += 4 - width % 4
        else:
            break
    return width


def dedent(line: str, width: int) -> str:
    """`line` without up to `width` columns of white space at its beginning."""
    if not width:
        return line
    rest = line.lstrip(" \t")
    return " " * max(0, indent_of(line) - width) + rest if line[:1] in (" ", "\t") else line


def starts_block(lines: list[str], at: int, *, in_paragraph: bool, inside: bool = False) -> bool:
    """Whether another block than a paragraph begins at this line. `inside`: the paragraph is
    in an item or quote that this line is not in, so that any item may end it.
    """
    line = lines[at]
    if indent_of(line) >= 4:
        return False
    if FENCE.match(line) or HEADING.match(line) or RULE.match(line) or QUOTE.match(line):
        return True
    if marker := MARKER.match(line):
        # In a paragraph only a list that says something and begins at 1 is meant as one.
        return (
            inside or not in_paragraph or (bool(marker[5].strip()) and marker[2][:-1] in ("", "1"))
        )
    return html_block_end(lines, at, in_paragraph=in_paragraph) is not None or _is_table(lines, at)


def html_block_end(lines: list[str], at: int, *, in_paragraph: bool) -> int | None:
    """The line after the raw HTML that begins here, or None."""
    line = lines[at]
    if verbatim := _HTML_VERBATIM.match(line):
        return _line_after(lines, at, f"</{verbatim[1].lower()}>")
    if _HTML_COMMENT.match(line):
        return _line_after(lines, at, "-->" if "<!--" in line else ">")
    if _HTML_BLOCK.match(line) or (not in_paragraph and _HTML_ALONE.match(line)):
        while at < len(lines) and lines[at].strip():
            at += 1
        return at
    return None


def _line_after(lines: list[str], at: int, end: str) -> int:
    while at < len(lines) and end not in lines[at].lower():
        at += 1
    return min(at + 1, len(lines))


def _is_table(lines: list[str], at: int) -> bool:
    if "|" not in lines[at] or at + 1 >= len(lines) or not TABLE_RULE.match(lines[at + 1]):
        return False
    return len(table_cells(lines[at])) == len(table_cells(lines[at + 1]))


def table_cells(line: str) -> list[str]:
    r"""The cells of a row, trimmed; `\|` is a bar, not an edge."""
    text = line.strip().removeprefix("|")
    if text.endswith("|") and not text.endswith("\\|"):
        text = text[:-1]
    return [cell.strip().replace("\\|", "|") for cell in _CELL_EDGE.split(text)]


def ends_in_paragraph(lines: list[str]) -> bool:
    """Whether a line without a sign of its own would go on with the paragraph these end in."""
    if not lines or not lines[-1].strip() or indent_of(lines[-1]) >= 4:
        return False
    if sum(1 for line in lines if FENCE.match(line)) % 2:
        return False
    line = lines[-1]
    while not RULE.match(line):
        if quote := QUOTE.match(line):
            line = line[quote.end() :].strip()
        elif marker := MARKER.match(line):
            line = marker[5].strip()
        else:
            break
    return bool(line) and not (FENCE.match(line) or HEADING.match(line) or RULE.match(line))


def without_loose_brackets(text: str) -> str:
    """`text` with brackets escaped that cannot be part of a link: python-markdown looks for
    the partner of each one again, to the end of the text.
    """
    if "[" not in text:
        return text
    open_places: list[int] = []
    loose: set[int] = set()
    code_ends = _code_ends(text)
    code_end = 0
    for found in _BRACKET.finditer(text):
        if found.start() < code_end:
            continue
        if found[0][0] == "`":
            code_end = code_ends.get(found.start(), 0)
        elif found[0] == "[":
            open_places.append(found.start())
        elif found[0] == "]" and open_places:
            begin = open_places.pop()
            if len(open_places) >= _MOST_NESTED_BRACKETS:
                loose.update((begin, found.start()))
    loose.update(open_places)
    if not loose:
        return text
    return "".join("\\" + c if place in loose else c for place, c in enumerate(text))


def _code_ends(text: str) -> dict[int, int]:
    """Where the code ends that ticks at a place would begin: after the next ticks as many."""
    ends: dict[int, int] = {}
    last: dict[int, int] = {}
    for ticks in _TICKS.finditer(text):
        length = len(ticks[0])
        if length in last:
            ends[last[length]] = ticks.end()
        last[length] = ticks.start()
    return ends

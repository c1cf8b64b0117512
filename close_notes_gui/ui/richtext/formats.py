"""Marks kept in character formats, and the looks that follow from them.

UI thread. Truth is in user properties; weight, slant, font and colour are looks. Colours are
those of the theme at hand; after it changed, `dress` lays the others over them.
"""

from functools import lru_cache

from PySide6.QtGui import QColor, QFont, QFontDatabase, QTextCharFormat, QTextFormat

from close_notes_gui.model.richtext import PLAIN, Image, Marks, Mention
from close_notes_gui.ui import theme
from close_notes_gui.ui.richtext.colors import readable
from close_notes_gui.ui.richtext.places import CODE_BLOCK, Place
from close_notes_gui.ui.theme import Tokens

_USER = QTextFormat.Property.UserProperty.value
MARKS = _USER + 10
COLOR = _USER + 11
LINK = _USER + 12
MENTION_ID = _USER + 13
LABEL = _USER + 14
SOURCE = _USER + 15
FACE = _USER + 16
"""The kind of block whose font the format carries (empty headings and code blocks)."""

THEME = _USER + 17
"""The theme whose colours the format carries: 1 light, 2 dark."""

ATOM_TYPE = QTextFormat.ObjectTypes.UserObject.value + 1
OBJECT = "\ufffc"
BREAK = "\u2028"

_BOLD, _ITALIC, _UNDERLINE, _STRIKE, _CODE = 1, 2, 4, 8, 16

HEADING_SCALE = {1: 1.6, 2: 1.35, 3: 1.17, 4: 1.05, 5: 1.0, 6: 0.92}


def marks_of(char_format: QTextCharFormat) -> Marks:
    """The marks that a format holds."""
    bits = char_format.intProperty(MARKS)
    color = char_format.stringProperty(COLOR)
    link = char_format.stringProperty(LINK)
    if not (bits or color or link):
        return PLAIN
    return _marks(bits, color or None, link or None)


@lru_cache(maxsize=2048)
def _marks(bits: int, color: str | None, link: str | None) -> Marks:
    return Marks(
        bold=bool(bits & _BOLD),
        italic=bool(bits & _ITALIC),
        underline=bool(bits & _UNDERLINE),
        strike=bool(bits & _STRIKE),
        code=bool(bits & _CODE),
        color=color,
        link=link,
    )


def char_format(marks: Marks = PLAIN) -> QTextCharFormat:
    """The format that holds these marks. Shared: copy before changing it."""
    if marks.link or marks.color or marks.code:
        return _char_format(marks, theme.now())
    return _char_format(marks, None)


def theme_number(tokens: Tokens) -> int:
    """What THEME says of formats made for these tokens."""
    return 2 if tokens.is_dark else 1


def paint_marks(made: QTextCharFormat, marks: Marks, tokens: Tokens) -> None:
    """Give a format the colours of its marks."""
    if marks.code:
        made.setBackground(QColor(tokens.code))
    if marks.color:
        made.setForeground(QColor(readable(marks.color, ground=tokens.surface)))
    elif marks.link:
        made.setForeground(QColor(tokens.accent_text))


@lru_cache(maxsize=2048)
def _char_format(marks: Marks, tokens: Tokens | None) -> QTextCharFormat:
    made = QTextCharFormat()
    if tokens is not None:
        made.setProperty(THEME, theme_number(tokens))
        paint_marks(made, marks, tokens)
    bits = (
        marks.bold * _BOLD
        | marks.italic * _ITALIC
        | marks.underline * _UNDERLINE
        | marks.strike * _STRIKE
        | marks.code * _CODE
    )
    if bits:
        made.setProperty(MARKS, bits)
    if marks.code:
        made.setFontFamilies([fixed_family()])
    if marks.bold:
        made.setFontWeight(QFont.Weight.Bold)
    if marks.italic:
        made.setFontItalic(True)
    if marks.underline or marks.link:
        made.setFontUnderline(True)
    if marks.strike:
        made.setFontStrikeOut(True)
    if marks.color:
        made.setProperty(COLOR, marks.color)
    if marks.link:
        made.setProperty(LINK, marks.link)
        made.setAnchor(True)
        made.setAnchorHref(marks.link)
    return made


def block_char_format(place: Place, *, base: QFont, marks: Marks = PLAIN) -> QTextCharFormat:
    """The format of an empty block, so that the caret in it has the height of its text."""
    if not (place.is_heading or place.kind == CODE_BLOCK):
        return char_format(marks)
    made = QTextCharFormat(char_format(marks))
    made.setProperty(FACE, place.kind)
    made.merge(face(place.kind, base.pointSizeF(), bold=True))
    return made


@lru_cache(maxsize=256)
def face(kind: int, base_points: float, *, bold: bool, code: bool = False) -> QTextCharFormat:
    """The font of a kind of block at a base size: weight and size, or the fixed family."""
    made = QTextCharFormat()
    is_heading = 1 <= kind <= 6
    made.setFontPointSize(
        base_points * HEADING_SCALE.get(kind, 1.0) * (0.95 if kind == CODE_BLOCK else 1)
    )
    made.setFontWeight(
        QFont.Weight.DemiBold
        if is_heading and not code
        else QFont.Weight.Bold
        if bold and not is_heading
        else QFont.Weight.Normal
    )
    if kind == CODE_BLOCK:
        made.setFontFamilies([fixed_family()])
    return made


@lru_cache(maxsize=1)
def fixed_family() -> str:
    """The system's family of fixed width."""
    return QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont).family()


def whole(text: str) -> str:
    """`text` so that all of it arrives in Qt: PySide takes a first U+FEFF for a byte order mark."""
    return "\ufeff" + text if text.startswith("\ufeff") else text


def mention_format(mention: Mention) -> QTextCharFormat:
    """The format of the object character that stands for a mention."""
    made = QTextCharFormat(char_format(mention.marks))
    made.setObjectType(ATOM_TYPE)
    made.setProperty(MENTION_ID, mention.id)
    made.setProperty(LABEL, whole(mention.label))
    return made


def image_format(image: Image) -> QTextCharFormat:
    """The format of the object character that stands for a picture. Not Qt's image format:
    that one would have Qt open what the address names.
    """
    made = QTextCharFormat(char_format(image.marks))
    made.setObjectType(ATOM_TYPE)
    made.setProperty(SOURCE, image.src)
    made.setProperty(LABEL, whole(image.alt))
    return made


def atom_of(char_format_: QTextCharFormat) -> Mention | Image | None:
    """The mention or picture that a format stands for."""
    if char_format_.objectType() != ATOM_TYPE:
        return None
    label = char_format_.stringProperty(LABEL)
    marks = marks_of(char_format_)
    if mention_id := char_format_.stringProperty(MENTION_ID):
        return Mention(mention_id, label, marks)
    return Image(char_format_.stringProperty(SOURCE), label, marks)

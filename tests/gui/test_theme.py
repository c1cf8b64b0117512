"""Colours that can be read, icons that exist, a style sheet that is whole."""

import ast
import re
import shutil
from pathlib import Path

import pytest
from PySide6.QtCore import QFile, QFileInfo, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication, QWidget

from close_notes_gui.ui import icons, theme
from close_notes_gui.ui.line_view import TONE_ICONS
from close_notes_gui.ui.look import Look
from close_notes_gui.ui.resources import resources_folder
from tests.gui.desk import Desk

READABLE = 4.5
SEEN = 3.0
TEXT_ON = (
    (
        "text",
        (
            "window",
            "surface",
            "hover",
            "pressed",
            "accent_soft",
            "good_soft",
            "warning_soft",
            "bad_soft",
            "code",
        ),
    ),
    ("quiet", ("window", "surface", "hover", "accent_soft")),
    ("accent_text", ("window", "surface", "hover", "accent_soft", "bad_soft", "warning_soft")),
    ("on_accent", ("accent", "accent_hover")),
    ("good", ("window", "surface", "good_soft")),
    ("warning", ("window", "surface", "warning_soft")),
    ("bad", ("window", "surface", "bad_soft")),
)
SEEN_ON = (("accent", ("window", "surface")), ("quiet", ("window", "surface")))


def luminance(color: str) -> float:
    def linear(part: float) -> float:
        return part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4

    given = QColor(color)
    red, green, blue = (linear(part) for part in (given.redF(), given.greenF(), given.blueF()))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_contrast_counts_as_it_should():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


def test_all_text_can_be_read(tokens: theme.Tokens):
    poor = {
        f"{text} on {ground}": round(ratio, 2)
        for text, grounds in TEXT_ON
        for ground in grounds
        if (ratio := contrast(getattr(tokens, text), getattr(tokens, ground))) < READABLE
    }
    assert not poor


def test_focus_and_icons_can_be_seen(tokens: theme.Tokens):
    poor = {
        f"{mark} on {ground}"
        for mark, grounds in SEEN_ON
        for ground in grounds
        if contrast(getattr(tokens, mark), getattr(tokens, ground)) < SEEN
    }
    assert not poor


def test_the_program_is_dressed_wherever_it_lies(
    qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """Spaces, brackets, quotes, other scripts: Qt would say that it cannot parse the sheet."""
    folder = tmp_path / 'Žofie\'s ("new") Prog 文件'
    shutil.copytree(resources_folder() / "icons", folder / "icons")
    monkeypatch.setattr(theme, "resources_folder", lambda: folder)
    try:
        theme.wear(qapp, theme.LIGHT)
        assert QFileInfo("icons:app.svg").absoluteFilePath() == str(folder / "icons" / "app.svg")
    finally:
        monkeypatch.undo()
        theme.wear(qapp, theme.LIGHT)


def test_the_style_sheet_is_whole(qapp: QApplication, tokens: theme.Tokens):
    sheet = theme.style_sheet(tokens)
    assert "$" not in sheet
    theme.wear(qapp, tokens)
    addresses = re.findall(r"url\(([^)]+)\)", sheet)
    assert addresses
    for address in addresses:
        assert QFile.exists(address), address
    assert sheet.count("{") == sheet.count("}")


def named_icons() -> set[str]:
    """Every icon that the code names as a literal."""
    folder = Path(icons.__file__).parent
    calls = ("icon", "pixmap", "IconButton", "BadgeButton", "set_icon")
    names = set(TONE_ICONS.values())
    for path in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            called = getattr(node.func, "attr", getattr(node.func, "id", ""))
            first = node.args[0]
            if called in calls and isinstance(first, ast.Constant) and isinstance(first.value, str):
                names.add(first.value)
    return names


def test_each_icon_that_is_named_is_drawn(qapp: QApplication):
    assert len(named_icons()) > 15
    for name in named_icons():
        image = icons.pixmap(name, "#ff0000", 24).toImage()
        seen = [
            image.pixelColor(x, y)
            for x in range(24)
            for y in range(24)
            if image.pixelColor(x, y).alpha() > 200
        ]
        assert seen, name
        assert all(color.red() > 200 and color.green() < 60 for color in seen), name


def test_icons_are_of_one_family():
    for path in (resources_folder() / "icons").glob("*.svg"):
        if path.stem == "app" or path.stem.startswith("style-"):
            continue
        text = path.read_text(encoding="utf-8")
        assert 'viewBox="0 0 24 24"' in text, path.name
        assert 'stroke-width="1.75"' in text, path.name
        assert set(re.findall(r"#[0-9a-fA-F]{3,6}", text)) == set(), path.name


def test_the_window_follows_the_system(qapp: QApplication, desk: Desk):
    hints = qapp.styleHints()
    font = qapp.font()
    look = Look(qapp)
    try:
        for scheme, tokens in (
            (Qt.ColorScheme.Dark, theme.DARK),
            (Qt.ColorScheme.Light, theme.LIGHT),
        ):
            hints.colorSchemeChanged.emit(scheme)
            assert theme.now() is tokens
            ground = desk.window.grab().toImage().pixelColor(2, desk.window.height() - 2)
            assert ground.name() == tokens.window
        look.wear("dark", 100)
        assert theme.now() is theme.DARK
        hints.colorSchemeChanged.emit(Qt.ColorScheme.Light)
        assert theme.now() is theme.DARK
        look.wear("system", 100)
        assert theme.now() is theme.LIGHT
    finally:
        look.deleteLater()
        qapp.setFont(font)


def test_a_look_is_there_before_the_settings_are(qapp: QApplication, tmp_path: Path):
    font = qapp.font()
    kept = tmp_path / "look.json"
    first, second = Look(qapp, kept), None
    try:
        first.wear("dark", 150)
        theme.wear(qapp, theme.LIGHT)
        qapp.setFont(font)
        second = Look(qapp, kept)
        assert theme.now() is theme.DARK
        assert qapp.font().pointSizeF() == pytest.approx(max(font.pointSizeF(), 10) * 1.5)
        endless = b'{"appearance": "dark", "text_size_percent": 1e999}'
        for content in (b"", b"[]", b'{"appearance": 3}', b"\xff", endless, b"[" * 100_000):
            kept.write_bytes(content)
            Look(qapp, kept).deleteLater()
        assert theme.now() is theme.LIGHT
    finally:
        first.deleteLater()
        if second is not None:
            second.deleteLater()
        qapp.setFont(font)
        theme.wear(qapp, theme.LIGHT)


def test_focus_shows_where_it_is(qapp: QApplication, desk: Desk):
    """Each field and button that can have the focus looks different while it has it."""
    theme.wear(qapp, theme.LIGHT)
    blind = []
    for name in ("Lead search", "Note title", "Attach", "Send", "Pinned", "Date", "New note"):
        widget: QWidget = desk.child(name)
        (desk.window.outbox_button if name != "Attach" else desk.window.picker).setFocus()
        without = widget.grab().toImage()
        widget.setFocus(Qt.FocusReason.TabFocusReason)
        if not widget.hasFocus() or widget.grab().toImage() == without:
            blind.append(name)
    assert not blind

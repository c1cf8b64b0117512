"""Templates: inserted by / and from the menu, written, deleted and had back in their panel."""

from pathlib import Path

import pytest
from PySide6.QtCore import QDate, QLocale, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QPushButton, QWidget

from close_notes_gui.model import events as ev
from close_notes_gui.model.commands import (
    ChangeSettings,
    DeleteTemplate,
    KeepTemplate,
)
from close_notes_gui.model.ids import TemplateId
from close_notes_gui.model.template import Template
from close_notes_gui.model.upkeep_commands import ExportTemplates, ImportTemplates
from close_notes_gui.model.upkeep_events import TemplatesExported
from close_notes_gui.ui.templates.shipped import shipped_templates
from tests.gui.desk import NOW, WANDERLUST, Desk, make_desk
from tests.gui.test_panels import press, said

CTRL = Qt.KeyboardModifier.ControlModifier
HELLO = Template(
    TemplateId("t1"), "Hello", "<body><p>Hello {{lead.name}}, {{cursor}} bye</p></body>"
)


def popup(desk: Desk) -> QWidget | None:
    """The list at the cursor, where it is open."""
    desk.settle()
    lists = [
        w
        for w in desk.window.findChildren(QWidget)
        if w.accessibleName() == "Templates" and w.parent().objectName() == "notePopup"
    ]
    return next((w for w in lists if w.isVisible()), None)


def at_work(desk: Desk) -> None:
    desk.hear(ev.TemplatesChanged((HELLO,)))
    desk.pick(WANDERLUST)


def test_a_slash_and_a_name_insert_a_template(desk: Desk):
    at_work(desk)
    desk.write("Hi. /hel")
    assert popup(desk)
    QTest.keyClick(desk.window.compose.editor, Qt.Key.Key_Return)
    assert desk.text == "Hi. Hello Wanderlust Travel,  bye"
    desk.write("Ruth")  # the cursor stands where the template says
    assert desk.text == "Hi. Hello Wanderlust Travel, Ruth bye"


def test_inserting_is_one_undo_step(desk: Desk):
    at_work(desk)
    desk.write("/hel")
    QTest.keyClick(desk.window.compose.editor, Qt.Key.Key_Tab)
    assert desk.text.startswith("Hello Wander")
    QTest.keyClick(desk.window.compose.editor, Qt.Key.Key_Z, CTRL)
    assert desk.text == "/hel"
    assert desk.window.compose.editor.note_html() == "<body><p>/hel</p></body>"


def test_a_long_template_is_one_undo_step_too(desk: Desk):
    items = "".join(f"<li><p>{n} {{{{date}}}}</p></li>" for n in range(300))
    long = Template(TemplateId("t2"), "Long", f"<body><ul>{items}</ul><p>{{{{cursor}}}}</p></body>")
    desk.hear(ev.TemplatesChanged((long,)))
    desk.write("a")
    QTest.keyClick(desk.window.compose.editor, Qt.Key.Key_Return)
    desk.write("/long")
    QTest.keyClick(desk.window.compose.editor, Qt.Key.Key_Return)
    html = desk.window.compose.editor.note_html()
    assert html.count("<li>") == 300
    assert html == desk.window.compose.editor.note_html(fresh=True)
    desk.window.compose.editor.undo()
    assert desk.text == "a\n/long"


@pytest.mark.parametrize("words", ["and/or", "5 / 10", "https://", "//", "/nothing like it"])
def test_a_slash_that_means_no_template_opens_nothing(desk: Desk, words: str):
    at_work(desk)
    desk.write(words)
    assert popup(desk) is None
    QTest.keyClick(desk.window.compose.editor, Qt.Key.Key_Return)
    assert desk.text.strip() == words


def test_escape_shuts_the_list_and_leaves_what_was_typed(desk: Desk):
    at_work(desk)
    desk.write("/he")
    QTest.keyClick(desk.window.compose.editor, Qt.Key.Key_Escape)
    assert popup(desk) is None
    assert desk.text == "/he"


def test_code_takes_a_slash_as_it_is(desk: Desk):
    at_work(desk)
    desk.window.compose.editor.commands.toggle_code_block()
    desk.write("/he")
    assert popup(desk) is None


def test_the_menu_opens_by_key_and_inserts(desk: Desk):
    at_work(desk)
    desk.write("x")
    QTest.keyClick(desk.window.compose.editor, Qt.Key.Key_T, CTRL)
    menu = desk.window.compose.template_button.menu()
    assert menu.isVisible()
    (hello,) = [action for action in menu.actions() if action.text() == "Hello"]
    hello.trigger()
    menu.hide()
    assert desk.text == "xHello Wanderlust Travel,  bye"


def test_the_date_is_as_the_locale_writes_it(desk: Desk):
    today = Template(TemplateId("t3"), "Today", "<body><p>{{date}}</p></body>")
    desk.hear(ev.TemplatesChanged((today,)))
    desk.window._wiring.templates.insert("t3")
    day = NOW.astimezone().date()
    written = QLocale().toString(
        QDate(day.year, day.month, day.day), QLocale.FormatType.ShortFormat
    )
    assert desk.text == written


def test_good_ones_come_along():
    shipped = shipped_templates()
    assert {"Discovery call", "MEDDIC", "Voicemail", "Meeting"} <= {t.name for t in shipped}
    for template in shipped:
        assert template.note_html.count("{{cursor}}") == 1, template.name


def open_shelf(desk: Desk) -> None:
    desk.window._wiring.templates.show_panel()
    desk.settle()


def test_writing_a_template(desk: Desk):
    open_shelf(desk)
    press(desk.window.templates, "New template")
    name = desk.child("Template name")
    assert isinstance(name, QLineEdit)
    assert name.hasFocus()
    QTest.keyClicks(name, "Follow up")
    QTest.keyClick(name, Qt.Key.Key_Return)
    QTest.keyClicks(desk.window.templates.writer.editor, "Dear ")
    desk.window.templates.writer._insert_field("contact.first_name")
    press(desk.window.templates, "Done")
    kept = desk.of(KeepTemplate)[-1].template
    assert (kept.name, kept.note_html) == (
        "Follow up",
        "<body><p>Dear {{contact.first_name}}</p></body>",
    )
    assert "Follow up" in said(desk.window.templates)


@pytest.mark.parametrize("how", ["focus", "shut", "close", "deactivated"])
def test_nothing_written_in_a_template_is_lost(desk: Desk, how: str):
    open_shelf(desk)
    press(desk.window.templates, "New template")
    QTest.keyClicks(desk.window.templates.writer.editor, "Half a sente")
    if how == "focus":
        desk.window.compose.editor.setFocus()
    elif how == "shut":
        desk.window.templates_panel.shut()
    else:
        desk.window.close()
    assert desk.of(KeepTemplate)[-1].template.note_html == "<body><p>Half a sente</p></body>"


def test_changing_one_that_came_along_makes_it_the_reps_own(desk: Desk):
    open_shelf(desk)
    (edit,) = [
        b
        for b in desk.window.templates.findChildren(QPushButton)
        if b.accessibleName() == "Edit template MEDDIC"
    ]
    QTest.mouseClick(edit, Qt.MouseButton.LeftButton)
    QTest.keyClicks(desk.window.templates.writer.editor, "!")
    press(desk.window.templates, "Done")
    kept = desk.of(KeepTemplate)[-1].template
    assert kept.id == "shipped-MEDDIC"
    names = [row[1] for row in desk.window._wiring.templates._names()]
    assert names.count("MEDDIC") == 1


@pytest.mark.parametrize("name", ["Hello", "Voicemail"])
def test_a_deleted_template_can_be_had_back(desk: Desk, name: str):
    desk.hear(ev.TemplatesChanged((HELLO,)))
    open_shelf(desk)
    QTest.mouseClick(desk.child(f"Delete template {name}"), Qt.MouseButton.LeftButton)
    assert name not in [row[1] for row in desk.window._wiring.templates._names()]
    is_shipped = name == "Voicemail"
    assert bool(desk.of(ChangeSettings)) is is_shipped
    assert bool(desk.of(DeleteTemplate)) is not is_shipped
    press(desk.window.templates, "Undo")
    assert name in [row[1] for row in desk.window._wiring.templates._names()]
    if is_shipped:
        assert desk.of(ChangeSettings)[-1].settings.hidden_templates == ()
    else:
        assert desk.of(KeepTemplate)[-1].template == HELLO


def test_the_note_as_a_template(desk: Desk):
    at_work(desk)
    desk.write("Always the same")
    desk.window.compose.template_button.keep_asked.emit()
    kept = desk.of(KeepTemplate)[-1].template
    assert kept.name == "Always the same"
    assert kept.note_html == "<body><p>Always the same</p></body>"


def test_import_and_export(qtbot, tmp_path: Path):
    desk = make_desk(files=(tmp_path / "one.md",))
    qtbot.addWidget(desk.window)
    desk.window.show()
    desk.loaded()
    desk.hear(ev.TemplatesChanged((HELLO,)))
    open_shelf(desk)
    press(desk.window.templates, "Import…")
    assert desk.of(ImportTemplates) == [ImportTemplates((tmp_path / "one.md",))]
    QTest.mouseClick(desk.child("Export template Hello"), Qt.MouseButton.LeftButton)
    assert desk.of(ExportTemplates) == [ExportTemplates((HELLO,), Path("/chosen"))]
    press(desk.window.templates, "Export all…")
    assert len(desk.of(ExportTemplates)[-1].templates) == 1 + len(shipped_templates())
    desk.hear(TemplatesExported(6, Path("/chosen")))
    assert "6 templates exported to /chosen" in said(desk.window.templates)

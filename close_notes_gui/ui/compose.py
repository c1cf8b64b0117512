"""The sheet a note is written on: lead, title, contact, date, pin, text, files, Send.

Window thread. The text is loaded once per draft and never drawn again from the state;
what the rep types goes out by `revised`, saved by the clock of `Autosave`.
"""

from typing import Any

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from close_notes_gui.model.ids import DraftId
from close_notes_gui.model.lead import Directory
from close_notes_gui.model.settings import Settings
from close_notes_gui.present.views import AttachmentsView, ComposeView, ContactChoice
from close_notes_gui.ui import icons, theme
from close_notes_gui.ui.attachments import AttachmentStrip
from close_notes_gui.ui.autosave import Autosave
from close_notes_gui.ui.date_field import DateField
from close_notes_gui.ui.edit_band import EditBand
from close_notes_gui.ui.held_keys import HeldFor, HeldKeys
from close_notes_gui.ui.icon_button import IconButton
from close_notes_gui.ui.labels import ElidedLabel
from close_notes_gui.ui.lead_header import LeadHeader
from close_notes_gui.ui.line_view import LineView
from close_notes_gui.ui.richtext.editor import NoteEditor
from close_notes_gui.ui.richtext.toolbar import FormatToolbar
from close_notes_gui.ui.richtext.view import PreviewPane
from close_notes_gui.ui.templates.button import TemplateButton
from close_notes_gui.ui.title_field import TitleField


def hairline() -> QFrame:
    """A line of one pixel between two parts."""
    line = QFrame()
    line.setObjectName("hairline")
    return line


class Compose(QFrame):
    """Invariant: between `load` and the next, the editor holds the text of that one draft."""

    revised = Signal(dict)  # keywords of present.actions.revise
    send_asked = Signal()
    attach_asked = Signal()
    done = Signal()  # the note is queued, and the rep has not begun another one

    def __init__(self, editor: NoteEditor, toolbar: FormatToolbar) -> None:
        """Both are given, for each takes a step of the start by itself to make."""
        super().__init__()
        self.setObjectName("sheet")
        self._draft_id: DraftId | None = None
        self._being_sent: DraftId | None = None
        self._was_edit = False
        self._contacts: tuple[ContactChoice, ...] = ()
        self._is_editor_busy = False
        self._aids: tuple[Settings, Directory] | None = None
        self._is_send_due = False  # asked for while the editor was busy
        self._is_text_due = False  # a change came to be saved while the editor was busy
        self.header = LeadHeader()
        self.band = EditBand()
        self.editor = editor
        self.editor.setAccessibleName("Note")
        self.editor.setPlaceholderText("What was said?")
        self.editor.setTabChangesFocus(False)
        self.strip = AttachmentStrip()
        self._toolbar = toolbar
        self._preview = PreviewPane()
        self.held = HeldKeys(self.editor)
        self.autosave = Autosave(self._save, self)
        self._make_fields()
        self._held_of_title = HeldKeys(self.title)
        self._make_foot()
        self._lay_out()
        self._connect()

    def show_view(self, view: ComposeView) -> None:
        """Draw the fields. The text is not touched (see `load`)."""
        self.header.show_view(view)
        self.band.show_view(view.edit)
        self._draw_send(is_edit=view.edit is not None, leads=1 + len(view.also_leads))
        if view.title != self.title.text() and not self.autosave.is_due:
            self.title.setText(view.title)
        self.title.offer(view.suggested_title)
        self._author.setText(f"by {view.author}" if view.author else "")
        self._show_contacts(view)
        self.date.show_date(view.activity_at, base=view.edit.at if view.edit else None)
        self._pin.setChecked(view.pinned)
        self._saved.show_line(view.saved)
        self._send.setEnabled(not view.is_sending)
        if view.is_sending:
            self._being_sent = view.draft_id
            self._was_edit = view.edit is not None  # after it, one stays with this lead
            self.held.hold(HeldFor.SENDING)
            self._held_of_title.hold(HeldFor.SENDING)
        elif self._being_sent is not None:
            is_queued = self._being_sent != view.draft_id and not self._was_edit
            self._being_sent = None
            has_written_on = self._held_of_title.release(HeldFor.SENDING)
            has_written_on = self.held.release(HeldFor.SENDING) or has_written_on
            if is_queued and not has_written_on and self.window().focusWidget() is self.editor:
                self.done.emit()

    def tab_order(self) -> tuple[QWidget, ...]:
        """Where Tab leads, from field to field."""
        fields = self.title, self._contact, *self.date.tab_order(), self._pin
        return (*fields, self.editor, self._attach, self.template_button, self._send)

    @property
    def draft_id(self) -> DraftId | None:
        """The draft whose text is in the editor."""
        return self._draft_id

    def load(self, view: ComposeView, *, note_html: str, cursor_position: int) -> None:
        """Put a draft into the editor. What was there must have been flushed before."""
        self.autosave.forget()
        self._is_text_due = False
        self._draft_id = view.draft_id
        self.title.setText(view.title)
        self.editor.load_note_html(note_html, cursor_position)
        if self._preview.isVisible():
            self._preview.show_note_html(note_html)

    def show_attachments(self, view: AttachmentsView) -> None:
        """Draw the chips."""
        self.strip.show_view(view)

    def show_typing_aids(self, settings: Settings, directory: Directory) -> None:
        """What the editor does by itself, and who can be mentioned."""
        if (settings, directory) != self._aids:
            self._aids = (settings, directory)
            self.editor.set_typing_aids(
                markdown=settings.markdown_as_you_type, links=settings.link_as_you_type
            )
            self.editor.set_people(directory)

    def is_ready_to_send(self) -> bool:
        """Whether the whole text is there. While a long paste still comes in, `send_asked` is
        told again as soon as it is.
        """
        self._is_send_due = self._is_editor_busy
        return not self._is_editor_busy

    @property
    def has_written_on(self) -> bool:
        """Whether something was written after Send, for the next note to the same lead."""
        return any(held.has_text_for(HeldFor.SENDING) for held in (self.held, self._held_of_title))

    def flush(self) -> None:
        """Give out at once what was not given out yet."""
        self.take_in_rest()
        self.autosave.flush()

    def take_in_rest(self) -> None:
        """Bring in what is left of a paste, before another note takes its place."""
        self.editor.take_in_rest()

    def in_editor(self) -> dict[str, Any]:
        """What the editor and the title hold, as keywords of `revise`."""
        fields: dict[str, Any] = {"title": self.title.text()}
        if not self._is_editor_busy:  # half a note brought in must never replace the whole
            fields["note_html"] = self.editor.note_html()
            fields["cursor_position"] = self.editor.textCursor().position()
        return fields

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and self._draft_id is not None:
            self.date.refresh()
            self._draw_icons()

    def _make_fields(self) -> None:
        self.title = TitleField()
        self._contact = QComboBox()
        self._contact.setObjectName("quiet")
        self._contact.setAccessibleName("Contact")
        self._contact.setToolTip("The person this note is about")
        self._contact.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self._contact.setMinimumContentsLength(8)
        self._contact_sign = QLabel()  # screen readers on Linux name a combo box by its label
        self._contact_sign.setAccessibleName("Contact of the note")
        self._contact_sign.setBuddy(self._contact)
        self.date = DateField()
        self._pin = IconButton("pin", "Pinned", checkable=True)
        self._pin.setToolTip("Pin the note to the top of the lead")

    def _make_foot(self) -> None:
        self._attach = IconButton("attach", "Attach", act="attach")
        self.template_button = TemplateButton()
        self._saved = LineView(wrap=False)
        self._author = ElidedLabel("", "quiet")
        self._author.setAccessibleName("Author of the note")
        self._send = QPushButton("Send")
        self._send.setObjectName("main")
        self._draw_send(is_edit=False)
        self._draw_icons()

    def _draw_send(self, *, is_edit: bool, leads: int = 1) -> None:
        words = "Save" if is_edit else "Send"
        keys = QKeySequence("Ctrl+Return").toString(QKeySequence.SequenceFormat.NativeText)
        tip = "Save the note in Close" if is_edit else "Send the note to Close"
        if leads > 1:
            tip = f"Send one note to each of the {leads} leads"
        self._send.setText(f"{words} to {leads}" if leads > 1 else words)
        self._send.setAccessibleName(words)
        self._send.setToolTip(f"{tip}  {keys}")

    def _draw_icons(self) -> None:
        scale = self.devicePixelRatioF()
        self._contact_sign.setPixmap(icons.pixmap("contact", theme.now().quiet, scale=scale))
        self._send.setIcon(icons.icon("send", color=theme.now().on_accent, size=16))

    def _lay_out(self) -> None:
        meta = QHBoxLayout()
        meta.setSpacing(4)
        self._contact.setMaximumWidth(280)
        meta.addSpacing(8)
        meta.addWidget(self._contact_sign)
        meta.addWidget(self._contact, 20)
        meta.addWidget(self.date)
        meta.addStretch(1)
        meta.addWidget(self._pin)
        foot = QHBoxLayout()
        foot.setSpacing(4)
        foot.addWidget(self._attach)
        foot.addWidget(self.template_button)
        foot.addWidget(self._saved, 1)
        foot.addStretch()
        foot.addWidget(self._author)
        foot.addWidget(self._send)
        pages = QWidget()
        self._pages = QStackedLayout(pages)
        self._pages.addWidget(self.editor)
        self._pages.addWidget(self._preview)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 8)
        column.setSpacing(4)
        column.addWidget(self.header)
        column.addWidget(self.band)
        column.addWidget(self.title)
        column.addLayout(meta)
        column.addWidget(hairline())
        column.addWidget(self._toolbar)
        column.addWidget(pages, 1)
        column.addWidget(self.strip)
        column.addLayout(foot)

    def _connect(self) -> None:
        self.editor.revised.connect(self.autosave.touch)
        self.editor.sendRequested.connect(self.send_asked)
        self.editor.busyChanged.connect(self._on_editor_busy_changed)
        self._toolbar.previewToggled.connect(self._on_toolbar_preview_toggled)
        self.title.textEdited.connect(lambda _text: self.autosave.touch())
        self.title.returnPressed.connect(self.editor.setFocus)
        self._contact.activated.connect(self._on_contact_activated)
        self.date.chosen.connect(lambda at: self.revised.emit({"activity_at": at}))
        self._pin.clicked.connect(lambda on: self.revised.emit({"pinned": on}))
        self._attach.clicked.connect(self.attach_asked)
        self._send.clicked.connect(self.send_asked)

    def _show_contacts(self, view: ComposeView) -> None:
        if view.contacts != self._contacts:
            self._contacts = view.contacts
            self._contact.clear()
            for choice in view.contacts:
                self._contact.addItem(choice.label)
        places = [i for i, c in enumerate(self._contacts) if c.contact_id == view.contact_id]
        self._contact.setCurrentIndex(places[0] if places else 0)
        self._contact.setEnabled(len(self._contacts) > 1)

    def _on_contact_activated(self, place: int) -> None:
        self.revised.emit({"contact_id": self._contacts[place].contact_id})

    def _on_editor_busy_changed(self, is_busy: bool) -> None:
        self._is_editor_busy = is_busy
        if not is_busy and self._is_text_due:
            self.autosave.touch()
        if not is_busy and self._is_send_due:
            self._is_send_due = False
            self.send_asked.emit()

    def _on_toolbar_preview_toggled(self, is_on: bool) -> None:
        if is_on:
            self._preview.show_note_html(self.editor.note_html())
        self._pages.setCurrentWidget(self._preview if is_on else self.editor)
        if not is_on:
            self.editor.setFocus(Qt.FocusReason.OtherFocusReason)

    def _save(self) -> None:
        self._is_text_due = self._is_editor_busy
        self.revised.emit(self.in_editor())

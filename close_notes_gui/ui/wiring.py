"""Between the widgets and the model: signals become steps, a new state becomes new views.

Window thread. Decides nothing: `present` says what a step does and what a view shows.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Qt, QTimer

from close_notes_gui.model.draft import OutboxState
from close_notes_gui.model.events import AmendmentRemoved, DraftQueued, Event, Loaded, SignedOut
from close_notes_gui.model.ids import AttachmentId, ContactId, DraftId, LeadId, new_draft_id
from close_notes_gui.present import actions, closing, note_actions, saving, show
from close_notes_gui.present.state import AppState
from close_notes_gui.present.views import LeadRow
from close_notes_gui.ui.account_desk import AccountDesk
from close_notes_gui.ui.acts import Acts
from close_notes_gui.ui.app_model import AppModel
from close_notes_gui.ui.files import Files
from close_notes_gui.ui.held_keys import HeldFor
from close_notes_gui.ui.intake import Intake
from close_notes_gui.ui.note_deeds import NoteDeeds
from close_notes_gui.ui.panel import Panel
from close_notes_gui.ui.services import Services
from close_notes_gui.ui.settings.desk import SettingsDesk
from close_notes_gui.ui.templates.desk import TemplateDesk

if TYPE_CHECKING:
    from close_notes_gui.ui.window import MainWindow

_COUNTDOWN_MS = 500
_AGES_MS = 30_000
LEAD_PAGE = "https://app.close.com/lead/{}/"


class Wiring(QObject):
    """Invariant: after each step and each event, every widget in sight shows the state."""

    def __init__(self, window: "MainWindow", model: AppModel, services: Services) -> None:
        super().__init__(window)
        self._window = window
        self._model = model
        self._services = services
        self._is_greeted = False
        self._drawn: tuple[object, ...] = ()
        self._acts = Acts(window, model, services)
        self.files = Files(window, model, services)
        self.intake = Intake(window, model, services, self.save_all)
        self.note_deeds = NoteDeeds(
            window, model, services, save_all=self.save_all, leave_sheet=self.leave_sheet
        )
        self._countdown = QTimer(self)
        self._countdown.setInterval(_COUNTDOWN_MS)
        self._countdown.timeout.connect(self._on_clock)
        self._ages = QTimer(self)
        self._ages.setInterval(_AGES_MS)
        self._ages.timeout.connect(self._on_clock)
        self._ages.timeout.connect(lambda: model.do(saving.save_again))
        self._ages.start()
        window.compose.date.now = services.now
        self._connect_sheet()
        self._connect_rest()
        self.templates = TemplateDesk(window, model, services)
        self.accounts = AccountDesk(window, model, put_away=self.put_away)
        self._acts.account_asked.connect(self.accounts.use)
        self._acts.sign_in_asked.connect(self.accounts.ask)
        self.settings = SettingsDesk(window, model, services, self._key_deeds())
        model.before_switch = self._before_switch
        model.changed.connect(self.draw)
        window.picker.begin()
        self.draw()

    # from the state to the widgets

    def draw(self) -> None:
        """Show the state as it is now."""
        state, now, window = self._model.state, self._services.now(), self._window
        compose = show.compose_view(state)
        if compose.draft_id != window.compose.draft_id:
            self._acts.forget()  # a lead that is looked for is for the note that was there
            draft = state.draft
            window.compose.load(
                compose, note_html=draft.note_html, cursor_position=draft.cursor_position
            )
        window.compose.show_view(compose)
        window.compose.show_attachments(show.attachments_view(state))
        window.picker.show_view(show.search_view(state), state.search.text)
        window.notices.show_lines(show.notices_view(state))
        status = show.status_view(state, now)
        self.accounts.draw(status.account)
        window.status.show_view(status)
        window.compose.show_typing_aids(state.settings, state.directory)
        window.timeline.show_people(state.directory)
        self._draw_outbox()
        self._draw_notes(state, is_due=False)
        self.templates.draw()
        self.settings.draw()
        self._greet(state)
        is_counting = state.closing is not None or any(
            e.state is OutboxState.HELD for e in state.outbox.values()
        )
        if is_counting != self._countdown.isActive():
            (self._countdown.start if is_counting else self._countdown.stop)()

    def _greet(self, state: AppState) -> None:
        """Once, when the drafts are there: with no lead chosen yet, the recent ones are offered."""
        if state.is_loaded and not self._is_greeted:
            self._is_greeted = True
            picker = self._window.picker
            is_free = state.draft.lead_id is None and not picker.text()  # nothing is typed over
            if is_free and state.recents and picker.hasFocus():
                picker.open()

    def _draw_outbox(self) -> None:
        state, now, window = self._model.state, self._services.now(), self._window
        view = show.outbox_view(state, now)
        window.outbox_button.show_number(view.badge, is_urgent=view.needs_rep)
        if not window.outbox_panel.isHidden():
            window.outbox.show_view(view, now)

    def _draw_notes(self, state: AppState, *, is_due: bool) -> None:
        """Thousands of notes are not looked through again for a keystroke elsewhere."""
        lead_id = state.draft.lead_id
        known = (state.notes.get(lead_id), state.leads.get(lead_id)) if lead_id else ()
        waiting = (state.outbox, state.attachments if state.outbox else None)
        parts = (
            lead_id,
            *known,
            *waiting,
            state.account,
            state.is_online,
            state.sign_in,
            state.note_files,
            state.thumbnails,
            state.at_hand,
            state.amendments,
            state.comments,
            state.note_filters,
        )
        same = len(parts) == len(self._drawn) and all(
            a is b for a, b in zip(parts, self._drawn, strict=True)
        )
        if not same or is_due:
            self._drawn = parts
            now = self._services.now()
            self._window.timeline.show_view(show.timeline_view(state, now), now)

    def _on_clock(self) -> None:
        if self._model.state.closing is not None:
            self._model.do(closing.tick, now=self._services.now())
        state, now = self._model.state, self._services.now()
        self._window.status.show_view(show.status_view(state, now))
        self._draw_outbox()
        self._draw_notes(state, is_due=True)

    def _key_deeds(self) -> dict[str, Callable[[], None]]:
        """What the keys of the window do. Only chords and F keys: typing is never taken away."""
        return {
            "search": self.search,
            "send": self.send,
            "attach": self.intake.choose,
            "template": self.templates.open_menu,
            "new": self.new_note,
            "filter": self._window.timeline.open_filter,
            "outbox": self.show_outbox,
            "settings": self.show_settings,
            "keys": self.show_keys,
        }

    # from the widgets to the state

    def _connect_sheet(self) -> None:
        compose = self._window.compose
        compose.revised.connect(self._on_compose_revised)
        compose.send_asked.connect(self.send)
        compose.attach_asked.connect(self.intake.choose)
        compose.done.connect(self._on_compose_done)
        compose.header.change_asked.connect(self.search)
        compose.header.page_asked.connect(self._on_header_page_asked)
        compose.header.further_asked.connect(self._acts.choose_further_lead)
        compose.header.further_removed.connect(self._on_header_further_removed)
        compose.strip.remove_asked.connect(self._on_strip_remove_asked)
        compose.strip.retry_asked.connect(self._on_strip_retry_asked)
        compose.editor.linkClicked.connect(self._services.open_address)

    def _connect_rest(self) -> None:
        window, do = self._window, self._model.do
        window.picker.words_changed.connect(lambda words: do(actions.type_search, words))
        window.picker.picked.connect(self._on_picker_picked)
        window.picker.left.connect(self._on_picker_left)
        window.picker.turned_from.connect(self._acts.forget)
        window.picker.enter_waits.connect(self._on_picker_enter_waits)
        window.picker.enter_ended.connect(self._on_picker_enter_ended)
        window.new_button.clicked.connect(self.new_note)
        window.outbox_button.clicked.connect(self.show_outbox)
        window.settings_button.clicked.connect(self.show_settings)
        for widget in (
            window.picker,
            window.notices,
            window.status,
            window.timeline,
            window.outbox,
            window.templates,
            window.settings,
        ):
            widget.acted.connect(self._acts.act)
        self._acts.outbox_asked.connect(self.show_outbox)
        self.note_deeds.outbox_asked.connect(self.show_outbox)
        self._acts.recalled.connect(self.save_all)
        self._acts.lead_picked.connect(self.write_to)
        window.timeline.address_asked.connect(self._services.open_address)
        window.timeline.more_asked.connect(lambda: do(actions.load_more_notes))
        window.timeline.refresh_asked.connect(lambda: do(actions.refresh_notes))
        window.outbox.draft_opened.connect(self._on_outbox_draft_opened)
        window.outbox.draft_discarded.connect(self._on_outbox_draft_discarded)
        window.settings.templates_asked.connect(self._on_settings_templates_asked)
        window.sign_in.acted.connect(self._acts.act)
        window.sign_in.address_asked.connect(self._services.open_address)
        window.sign_in.sandbox_asked.connect(self._services.start_sandbox)
        for panel in window.panels():
            panel.closed.connect(window.compose.editor.setFocus)

    def save_all(self) -> None:
        """Text not saved yet, and where the cursor is, go to the state now."""
        self._window.timeline.flush()
        self._window.compose.take_in_rest()
        self._window.compose.autosave.forget()
        self._revise(self._window.compose.in_editor())
        self._model.do(saving.save_again)
        self.templates.flush()

    def leave_sheet(self) -> None:
        """`save_all`, before another note takes the sheet. What was written and dropped after Send
        is the next note's of the same lead, which opens for it.
        """
        if self._window.compose.has_written_on or self.intake.is_waiting:
            self._model.do(actions.open_next)
        self.save_all()

    def put_away(self) -> None:
        """Everything written is with a note, also what waited for a lead to be found: the window
        may close.
        """
        self.leave_sheet()
        self._window.compose.held.release(HeldFor.LEAD, may_send=False)
        self.intake.go_on()
        self.save_all()

    def _before_switch(self, event: Event) -> None:
        if isinstance(event, AmendmentRemoved):
            self._window.timeline.flush()  # a comment may come back to where one is being typed
            return
        if not isinstance(event, DraftQueued):  # that one opens the next note itself
            self.leave_sheet()
        self._window.compose.flush()
        if isinstance(event, SignedOut) or (isinstance(event, Loaded) and not event.takes_over):
            self._window.templates.show_list()  # what is written there is another account's
            self.hide_panels()

    def search(self) -> None:
        """To the search field, for the next note."""
        self._acts.forget()
        self._window.picker.open()

    def send(self) -> None:
        """Send what is in the editor, exactly as it is there now."""
        held = self._window.compose.held
        if held.is_held_for(HeldFor.LEAD):  # what is in the editor is another lead's note
            held.add_send()
            return
        if not self._window.compose.is_ready_to_send():
            return
        self.save_all()
        self._model.do(actions.send, now=self._services.now(), next_draft_id=new_draft_id())

    def new_note(self) -> None:
        """A blank note; what was written is kept."""
        self.leave_sheet()
        self._model.do(actions.new_note, new_draft_id=new_draft_id(), now=self._services.now())
        self.search()

    def show_outbox(self) -> None:
        """Open or shut the outbox."""
        self.save_all()
        self._show_only(self._window.outbox_panel)
        self._draw_outbox()

    def show_settings(self) -> None:
        """Open or shut the settings."""
        self._show_only(self._window.settings_panel)
        self.settings.draw()

    def show_keys(self) -> None:
        """Open or shut the sheet of keys."""
        self._show_only(self._window.keys_panel)

    def hide_panels(self) -> None:
        """Back to the sheet."""
        for panel in self._window.panels():
            panel.hide()

    def _show_only(self, wanted: Panel) -> None:
        window = self._window
        for panel in window.panels():
            if panel is not wanted:
                panel.hide()
        wanted.toggle()

    def _revise(self, fields: dict[str, Any]) -> None:
        state = self._model.state
        is_sealed = state.open_draft in state.next_drafts
        if not is_sealed and self._window.compose.draft_id == state.open_draft:
            self._model.do(actions.revise, now=self._services.now(), **fields)

    def _on_compose_revised(self, fields: dict[str, Any]) -> None:
        self._revise(fields)

    def _on_header_page_asked(self) -> None:
        lead_id = self._model.state.draft.lead_id
        if lead_id is not None:
            self._services.open_address(LEAD_PAGE.format(lead_id))

    def _on_header_further_removed(self, lead_id: str) -> None:
        now = self._services.now()
        self._model.do(note_actions.remove_lead, LeadId(lead_id), now=now)

    def _on_strip_remove_asked(self, attachment_id: str) -> None:
        self._model.do(actions.remove_attachment, AttachmentId(attachment_id))

    def _on_strip_retry_asked(self, attachment_id: str) -> None:
        self._model.do(actions.retry_attachment, AttachmentId(attachment_id))

    def _on_picker_picked(self, row: LeadRow) -> None:
        self._pick(row.lead_id, row.contact_id)

    def write_to(self, lead_id: str) -> None:
        """This lead's note, whatever else is being done."""
        self._acts.forget()
        self._pick(LeadId(lead_id), None)

    def _pick(self, lead_id: LeadId, contact_id: ContactId | None) -> None:
        self.leave_sheet()
        if not self._acts.take_lead(lead_id):
            self._model.do(
                actions.pick_lead, lead_id, contact_id=contact_id, new_draft_id=new_draft_id()
            )
        self._window.compose.editor.setFocus()

    def _on_picker_enter_waits(self) -> None:
        """The rep may write on; it goes to the lead once found."""
        self._window.compose.held.hold(HeldFor.LEAD)
        self._window.compose.editor.setFocus()

    def _on_picker_enter_ended(self, is_picked: bool) -> None:
        has_written_on = self._window.compose.held.release(HeldFor.LEAD, may_send=is_picked)
        self.intake.go_on()
        if not is_picked and not has_written_on:
            self.search()

    def _on_compose_done(self) -> None:
        """On to the next call: the letters typed next are its lead's, not this one's next note."""
        self._window.picker.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_picker_left(self) -> None:
        self._acts.forget()
        self._window.compose.editor.setFocus()

    def _on_outbox_draft_opened(self, draft_id: str) -> None:
        self.leave_sheet()
        self._model.do(actions.open_draft, DraftId(draft_id))
        self._window.outbox_panel.shut()

    def _on_outbox_draft_discarded(self, draft_id: str) -> None:
        self.save_all()
        self._model.do(actions.discard_draft, DraftId(draft_id), new_draft_id=new_draft_id())

    def _on_settings_templates_asked(self) -> None:
        self.templates.show_panel()

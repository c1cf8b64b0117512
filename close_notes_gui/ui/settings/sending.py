"""Settings of sending. Window thread."""

from close_notes_gui.ui.settings.section import Section


class SendingSection(Section):
    """How long a send can be undone, and what becomes of notes that wait."""

    def fill(self) -> None:
        undo = self.number(
            "undo_send_s", "Time to undo a send", "Undo send, seconds", between=(0, 30), unit=" s"
        )
        undo.setSpecialValueText("Off")
        self.hint("Pin, unpin and delete of notes in Close can be undone for as long.")
        self.switch(
            "keep_sending_in_background",
            "Keep sending after the window is closed",
            hint="Until nothing waits any more. Otherwise the rest goes out at the next start.",
        )

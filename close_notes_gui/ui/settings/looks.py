"""Settings of how the window looks. Window thread."""

from close_notes_gui.ui.settings.section import Section

_SCHEMES = (("system", "As the system"), ("light", "Light"), ("dark", "Dark"))
_SIZES = (
    (85, "Small"),
    (100, "Normal"),
    (115, "Large"),
    (130, "Larger"),
    (150, "Largest"),
)


class LooksSection(Section):
    """Light or dark, and the size of all text."""

    def fill(self) -> None:
        self.choice("appearance", "Colours", "Colours", _SCHEMES)
        self.choice("text_size_percent", "Text size", "Text size", _SIZES)
        self.hint("The text size is a part of the one that your system sets.")

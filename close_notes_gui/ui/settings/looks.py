"""Settings of how the window looks. Window thread."""

from PySide6.QtWidgets import QSystemTrayIcon

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
        self.heading("Tray")
        icon = self.switch("tray_icon", "Show an icon in the system’s tray")
        stay = self.switch(
            "close_to_tray",
            "Stay there when the window is closed",
            hint="Notes go on being sent; quit from the icon’s menu.",
        )
        has_tray = QSystemTrayIcon.isSystemTrayAvailable()
        for switch in (icon, stay):
            switch.setEnabled(has_tray)
        if not has_tray:
            self.hint("This system has no tray.")

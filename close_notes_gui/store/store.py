"""Everything that one account has on disk, in parts.

Engine thread only. Holds the one connection; made by `db.open_store`.
"""

from pathlib import Path

from close_notes_gui.store.amendments import Amendments
from close_notes_gui.store.attachments import Attachments
from close_notes_gui.store.batches import Batches
from close_notes_gui.store.census import Census
from close_notes_gui.store.database import Database
from close_notes_gui.store.drafts import Drafts
from close_notes_gui.store.edits import Edits
from close_notes_gui.store.facts import CommentTexts, Facts, SettingsKeeper
from close_notes_gui.store.leads import Leads
from close_notes_gui.store.notes import Notes
from close_notes_gui.store.outbox import Outbox
from close_notes_gui.store.spool import Spool
from close_notes_gui.store.templates import Templates
from close_notes_gui.store.traces import Traces


class Store:
    """Invariant: what a call returned from is committed and synced, or was not done at all.

    Any call may raise `StoreFull`, `StoreFailed` or `StoreDamaged`.
    """

    def __init__(self, folder: Path, database: Database) -> None:
        self.folder = folder
        self._database = database
        self.spool = Spool(folder / "spool")
        self.drafts = Drafts(database)
        self.attachments = Attachments(database, spool_folder=self.spool.folder)
        self.outbox = Outbox(database)
        self.edits = Edits(database)
        self.batches = Batches(database)
        self.traces = Traces(database)
        self.amendments = Amendments(database)
        self.templates = Templates(database)
        self.leads = Leads(database)
        self.notes = Notes(database)
        self.facts = Facts(database)
        self.templates = Templates(database)
        self.census = Census(database)
        self.settings = SettingsKeeper(self.facts)
        self.comment_texts = CommentTexts(self.facts)

    def shrink(self) -> None:
        """Give room that is free in the database back to the disk."""
        self._database.shrink()

    def close(self) -> None:
        """Close the database; nothing may be called afterwards."""
        self._database.close()

"""Close's log of merged and deleted leads: which took another one over. Any thread; pure."""

from datetime import datetime

from close_notes_gui.closeapi import wire
from close_notes_gui.model.ids import LeadId


class MergeLog:
    """Pages of `GET /event/?object_type=lead&action=merged`, newest first, read one by one."""

    def __init__(self) -> None:
        self._into: dict[LeadId, LeadId] = {}

    def read(self, answer: object) -> str | None:
        """Take in a page; return the cursor of the next (older) one."""
        for row in wire.rows(answer):
            meta = wire.part(row, "meta")
            source = wire.lead_id(wire.field(meta, "merge_source_lead_id"))
            destination = wire.lead_id(wire.field(meta, "merge_destination_lead_id"))
            if source and destination:
                self._into.setdefault(source, destination)
        return wire.text(wire.field(answer, "cursor_next")) or None

    def destination(self, lead_id: LeadId) -> LeadId | None:
        """Where this lead's things are now, through any number of merges."""
        seen = {lead_id}
        here = lead_id
        while here in self._into and self._into[here] not in seen:
            here = self._into[here]
            seen.add(here)
        return here if here != lead_id else None


class GoneLog:
    """Pages of the log of deleted or merged leads, newest first, back to `since`."""

    def __init__(self, since: datetime) -> None:
        self._since = since
        self.lead_ids: set[LeadId] = set()

    def read(self, answer: object) -> str | None:
        """Take in a page; return the cursor of the next (older) one while that is of interest."""
        for row in wire.rows(answer):
            at = wire.moment(wire.field(row, "date_updated") or wire.field(row, "date_created"))
            if at is not None and at < self._since:
                return None
            meta = wire.part(row, "meta")
            source = wire.lead_id(wire.field(meta, "merge_source_lead_id"))
            if wire.field(row, "action") == "deleted":
                source = wire.lead_id(wire.field(row, "object_id"))
            if source is not None:
                self.lead_ids.add(source)
        return wire.text(wire.field(answer, "cursor_next")) or None

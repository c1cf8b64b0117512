"""Notes: create, list, get, change, delete, exactly by Close's contract.

Any thread, under FakeClose's lock. Lists see what was written ``read_lag_s``
ago; everything else sees the present.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from close_notes_gui.sandbox import fields, xhtml
from close_notes_gui.sandbox.exchange import Json, refuse, refuse_fields
from close_notes_gui.sandbox.files import FileStore
from close_notes_gui.sandbox.leads import LeadBook
from close_notes_gui.sandbox.note_values import Attachment, Note, address, shown_note
from close_notes_gui.sandbox.world import World, to_ms

UPDATABLE = frozenset(
    {"note_html", "note", "title", "pinned", "contact_id", "activity_at", "attachments"}
)
CREATABLE = UPDATABLE | {"lead_id", "user_id", "created_by", "date_created", "organization_id"}
MOST_ATTACHMENTS = 1000
_FILTERS = frozenset({"lead_id", "contact_id", "user_id", "organization_id", "id__in"}) | {
    f"{name}__{operator}"
    for name in ("date_created", "activity_at")
    for operator in ("gt", "gte", "lt", "lte")
}


@dataclass(slots=True)
class _History:
    """All versions of a note with the time of writing; None is its deletion."""

    versions: list[tuple[datetime, Note | None]] = field(default_factory=list)

    @property
    def latest(self) -> Note | None:
        return self.versions[-1][1]

    def as_of(self, moment: datetime) -> Note | None:
        return next(
            (note for written_at, note in reversed(self.versions) if written_at <= moment), None
        )


class NoteBook:
    """Invariant: a note's id, lead at creation and author never change by a call."""

    def __init__(self, world: World, leads: LeadBook, files: FileStore) -> None:
        self._world = world
        self._leads = leads
        self._files = files
        self._notes: dict[str, _History] = {}
        self.comment_counts: dict[str, int] = {}

    def create(self, body: Json, user_id: str, *, offset_hours: float) -> Json:
        """The answer of ``POST /activity/note/``."""
        fields.only_known(body, CREATABLE)
        if not fields.text(body, "lead_id"):
            raise refuse_fields({"lead_id": "This field is required."})
        lead = self._leads.get(body["lead_id"])
        author = self._user(body, "user_id") or user_id
        now = self._world.now()
        created_at = now
        if body.get("date_created") is not None:
            created_at = fields.moment(body["date_created"], "date_created", offset_h=offset_hours)
        if body.get("organization_id") not in (None, self._world.organization_id):
            raise refuse_fields({"organization_id": "Not your organization."})
        blank = Note(
            id=self._world.mint("acti"),
            lead_id=lead.id,
            user_id=author,
            created_by=self._user(body, "created_by") or user_id,
            updated_by=user_id,
            created_at=to_ms(created_at),
            updated_at=to_ms(now),
            activity_at=to_ms(created_at),
            note_html="",
            note="",
        )
        note = self._changed(blank, body, offset_hours=offset_hours)
        self._write(note)
        self._world.record(
            "activity.note",
            "created",
            object_id=note.id,
            lead_id=note.lead_id,
            user_id=user_id,
            after=self.shown(note),
        )
        return self.shown(note)

    def update(self, note_id: str, body: Json, user_id: str, *, offset_hours: float) -> Json:
        """The answer of ``PUT /activity/note/{id}/``: a patch."""
        fields.only_known(body, UPDATABLE)
        before = self.get(note_id)
        after = self._changed(before, body, offset_hours=offset_hours)
        after = replace(after, updated_at=to_ms(self._world.now()), updated_by=user_id)
        self._write(after)
        was, now = self.shown(before), self.shown(after)
        changed = tuple(name for name in now if now[name] != was[name])
        self._world.record(
            "activity.note",
            "updated",
            object_id=note_id,
            lead_id=after.lead_id,
            user_id=user_id,
            changed_fields=changed,
            after=now,
            before={name: was[name] for name in changed},
        )
        return now

    def delete(self, note_id: str, user_id: str) -> None:
        """What ``DELETE /activity/note/{id}/`` does."""
        note = self.get(note_id)
        self._notes[note_id].versions.append((self._world.now(), None))
        self._world.record(
            "activity.note",
            "deleted",
            object_id=note_id,
            lead_id=note.lead_id,
            user_id=user_id,
            before=self.shown(note),
        )

    def get(self, note_id: str) -> Note:
        """An existing note; refused with 404 if it is not there."""
        history = self._notes.get(note_id)
        note = history.latest if history else None
        if note is None:
            raise refuse(404, "Note not found.")
        return note

    def list(self, params: fields.Params, *, offset_hours: float) -> Json:
        """The answer of ``GET /activity/note/``: newest first, as of ``read_lag_s`` ago."""
        fields.only_known_params(params, _FILTERS)
        wanted_ids = params["id__in"].split(",") if "id__in" in params else None
        bounds = [
            (attribute, *bound)
            for name, attribute in (("date_created", "created_at"), ("activity_at", "activity_at"))
            for bound in fields.moment_filters(params, name, offset_hours=offset_hours)
        ]
        exact = [name for name in ("lead_id", "contact_id", "user_id") if name in params]
        foreign = params.get("organization_id") not in (None, self._world.organization_id)
        found = [
            note
            for note in self.visible()
            if not foreign
            and (wanted_ids is None or note.id in wanted_ids)
            and all(getattr(note, name) == params[name] for name in exact)
            and all(
                fields.compare(getattr(note, name), operator, bound)
                for name, operator, bound in bounds
            )
        ]
        found.sort(key=lambda note: (note.created_at, note.id), reverse=True)
        shown, has_more = fields.window(found, params)
        return {
            "data": list(fields.cut(map(self.shown, shown), params.get("_fields"))),
            "has_more": has_more,
        }

    def visible(self) -> Iterable[Note]:
        """The notes that lists show now."""
        moment = self._world.now() - timedelta(seconds=self._world.behaviour.read_lag_s)
        notes = (history.as_of(moment) for history in self._notes.values())
        return (note for note in notes if note is not None)

    def all(self) -> Iterable[Note]:
        """The notes that exist now, whatever lists show."""
        return (history.latest for history in self._notes.values() if history.latest is not None)

    def put(self, note: Note) -> None:
        """Put a note as it is, for the sample."""
        self._notes[note.id] = _History([(note.created_at, note)])

    def lead_merged(self, source_id: str, destination_id: str) -> None:
        """Move the notes of a merged lead."""
        for note in [one for one in self.all() if one.lead_id == source_id]:
            self._write(replace(note, lead_id=destination_id))

    def lead_deleted(self, lead_id: str) -> None:
        """Delete the notes of a deleted lead."""
        for note in [one for one in self.all() if one.lead_id == lead_id]:
            self._notes[note.id].versions.append((self._world.now(), None))

    def _write(self, note: Note) -> None:
        self._notes.setdefault(note.id, _History()).versions.append((self._world.now(), note))

    def _user(self, body: Json, name: str) -> str | None:
        user_id = fields.text(body, name)
        if user_id is not None and user_id not in self._world.user_ids:
            raise refuse_fields({name: "No such user."})
        return user_id

    def _changed(self, note: Note, body: Json, *, offset_hours: float) -> Note:
        """``note`` with what ``body`` asks for; refused without effect if anything is wrong."""
        note = self._with_text(note, body)
        if "title" in body:
            note = replace(note, title=fields.text(body, "title"))
        if "contact_id" in body:
            note = replace(note, contact_id=self._contact(body, note.lead_id))
        if body.get("activity_at") is not None:
            asked = fields.moment(body["activity_at"], "activity_at", offset_h=offset_hours)
            precision = self._world.behaviour.activity_at_precision
            note = replace(
                note, activity_at=fields.stored_activity_at(asked, self._world.now(), precision)
            )
        if "pinned" in body:
            if not isinstance(body["pinned"], bool):
                raise refuse_fields({"pinned": "Not a valid boolean."})
            if body["pinned"] != note.pinned:
                pinned_at = to_ms(self._world.now()) if body["pinned"] else None
                note = replace(note, pinned=body["pinned"], pinned_at=pinned_at)
        if "attachments" in body:
            note = replace(note, attachments=self._attachments(body["attachments"], note))
        return note

    def _with_text(self, note: Note, body: Json) -> Note:
        rich, plain = fields.text(body, "note_html"), fields.text(body, "note")
        if rich is None and plain is not None:
            rich = xhtml.from_plain(plain)
        elif rich is not None:
            plain = None
        if rich is None:
            return note
        parsed = xhtml.checked(rich, "note_html")
        if self._world.behaviour.drops_undocumented:
            rich = xhtml.without_undocumented(rich)
            parsed = xhtml.checked(rich, "note_html")
        if plain is None:
            plain = xhtml.plain_of(parsed)
        if self._world.behaviour.normalises_html:
            rich = xhtml.normalised(parsed)
        return replace(note, note_html=rich, note=plain, mentions=tuple(xhtml.mentions(parsed)))

    def _contact(self, body: Json, lead_id: str) -> str | None:
        contact_id = fields.text(body, "contact_id")
        if contact_id is not None and contact_id not in {
            one.id for one in self._leads.get(lead_id).contacts
        }:
            raise refuse_fields({"contact_id": "No such contact on this lead."})
        return contact_id

    def _attachments(self, asked: object, note: Note) -> tuple[Attachment, ...]:
        if not isinstance(asked, list) or len(asked) > MOST_ATTACHMENTS:
            raise refuse_fields({"attachments": f"Must be a list of at most {MOST_ATTACHMENTS}."})
        faults: dict[str, object] = {}
        taken: list[Attachment] = []
        for place, one in enumerate(asked):
            try:
                taken.append(self._attachment(one, note))
            except ValueError as fault:
                faults[str(place)] = {"url": [str(fault)]}
        if faults:
            raise refuse_fields({"attachments": faults})
        return tuple(taken)

    def _attachment(self, one: object, note: Note) -> Attachment:
        if not isinstance(one, dict) or not {"url", "filename"} <= set(one) <= {
            "url",
            "filename",
            "content_type",
        }:
            raise ValueError("Each needs exactly url, filename, content_type.")
        url, filename, content_type = one["url"], one["filename"], one.get("content_type")
        if not isinstance(url, str) or not isinstance(filename, str) or not filename:
            raise ValueError("Not a valid string.")
        if content_type is not None and not isinstance(content_type, str):
            raise ValueError("Not a valid content type.")
        kept = {address(had, note.id, self._world): had.file for had in note.attachments}
        kept |= {had.file.temporary_url: had.file for had in note.attachments}
        file = kept.get(url) or self._files.attachable(url)
        return Attachment(file, filename, content_type or file.content_type)

    def shown(self, note: Note) -> Json:
        """A note as Close answers it."""
        return shown_note(note, self._world, comments=self.comment_counts.get(note.id, 0))

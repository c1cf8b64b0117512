"""The rows of the lead list: what is told of a lead, and what of it is bold."""

import pytest

from close_notes_gui.model import events as ev
from close_notes_gui.model.draft import Draft
from close_notes_gui.model.ids import ContactId, LeadId, new_draft_id
from close_notes_gui.model.lead import Contact, Lead, LeadHit, MatchedBy
from close_notes_gui.present.actions import type_search
from close_notes_gui.present.reduce import reduce
from close_notes_gui.present.show import search_view
from close_notes_gui.present.state import AppState
from close_notes_gui.present.views import LeadRow

FOX = Contact(ContactId("cont_fox"), "Lucius Fox", phones=("+1 979-555-5474",))
BEA = Contact(ContactId("cont_bea"), "Béa Ray", emails=("bea.ray@wayne.example",))
WAYNE = Lead(LeadId("lead_wayne"), "Wayne\nEnterprises", "Potential", (FOX, BEA))


def row_for(typed: str, hit: LeadHit) -> LeadRow:
    blank = new_draft_id()
    state, _ = type_search(AppState(blank, {blank: Draft(id=blank)}), typed)
    found = ev.LeadsFound(state.search.seq, typed, (hit,), ev.SearchStage.CLOSE)
    [row] = search_view(reduce(state, found)).rows
    return row


def bold_of(row: LeadRow) -> tuple[list[str], list[str]]:
    return (
        [row.name[at : at + length] for at, length in row.bold],
        [row.detail[at : at + length] for at, length in row.detail_bold],
    )


@pytest.mark.parametrize(
    ("typed", "hit", "detail", "bold"),
    [
        ("way", LeadHit(WAYNE), "Lucius Fox", (["Way"], [])),
        (
            "fox",
            LeadHit(WAYNE, MatchedBy.CONTACT, "Lucius Fox", FOX.id),
            "Lucius Fox",
            ([], ["Fox"]),
        ),
        (
            "bea",
            LeadHit(WAYNE, MatchedBy.CONTACT, "Béa Ray", BEA.id),
            "\u2068Béa Ray\u2069",
            ([], ["Béa"]),
        ),
        (
            "bea.ray@",
            LeadHit(WAYNE, MatchedBy.EMAIL, "bea.ray@wayne.example", BEA.id),
            "\u2068Béa Ray\u2069  ·  bea.ray@wayne.example",
            ([], ["bea.ray@"]),
        ),
        (
            "979 555",
            LeadHit(WAYNE, MatchedBy.PHONE, "+1 979-555-5474", FOX.id),
            "Lucius Fox  ·  +1 979-555-5474",
            ([], ["979-555"]),
        ),
        ("zoo", LeadHit(WAYNE, MatchedBy.OTHER), "Lucius Fox  ·  matched by Close", ([], [])),
        ("status:pot", LeadHit(WAYNE, MatchedBy.OTHER, "Potential"), "Lucius Fox", ([], [])),
        ("status:potential way", LeadHit(WAYNE), "Lucius Fox", (["Way"], [])),
    ],
)
def test_the_person_that_is_meant_and_the_reason_with_what_matched(
    typed: str, hit: LeadHit, detail: str, bold: tuple[list[str], list[str]]
):
    row = row_for(typed, hit)
    assert row.name == "Wayne Enterprises"
    assert row.detail == detail
    assert bold_of(row) == bold


def test_without_people_that_is_said():
    assert row_for("way", LeadHit(Lead(LeadId("lead_x"), ""))).detail == "No contact"
    assert row_for("way", LeadHit(Lead(LeadId("lead_x"), " "))).name == "Unnamed lead"

"""Templates are filled with text, whatever that text is, and nothing is ever called None."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from close_notes_gui.markup import (
    from_note_html,
    markdown_to_note_html,
    to_note_html,
    to_text,
)
from close_notes_gui.model.draft import Draft
from close_notes_gui.model.ids import ContactId, DraftId, LeadId
from close_notes_gui.model.lead import Contact, Lead
from close_notes_gui.present.state import fresh_state
from close_notes_gui.present.template_fields import (
    BLANK,
    CARET,
    FIELDS,
    field_values,
    filled,
)
from tests.gui.desk import ACCOUNT, NOW, WANDERLUST

ALL = markdown_to_note_html(" / ".join(f"{{{{{name}}}}}" for name, _ in FIELDS))


def state_with(lead=WANDERLUST, contact_id=None, account=ACCOUNT):
    state = fresh_state(DraftId("one"))
    draft = Draft(DraftId("one"), lead_id=lead.id, lead_name=lead.name, contact_id=contact_id)
    return replace(
        state, drafts={draft.id: draft}, leads={lead.id: lead}, account=account, is_loaded=True
    )


def text_of(note_html, values):
    return to_text(filled(note_html, values))


def test_every_field_is_filled():
    state = state_with(contact_id=WANDERLUST.contacts[0].id)
    values = field_values(state, NOW, "23.11.2026")
    assert text_of(ALL, values) == f"Wanderlust Travel / Grace / Ruth / 23.11.2026 / {CARET}"
    assert set(values) == {name for name, _ in FIELDS}


def test_what_is_not_known_leaves_a_blank_to_write_into():
    values = field_values(fresh_state(DraftId("one")), NOW, "")
    assert text_of(ALL, values) == f"{BLANK} / {BLANK} / {BLANK} / 2026-11-23 / {CARET}"


def test_the_only_contact_of_a_lead_is_meant_where_none_is_chosen():
    lead = Lead(LeadId("lead_9"), "Solo", contacts=(Contact(ContactId("cont_9"), "Jo Doe"),))
    assert field_values(state_with(lead), NOW, "")["contact.first_name"] == "Jo"
    assert field_values(state_with(), NOW, "")["contact.first_name"] == ""  # two: which one?


@pytest.mark.parametrize(
    "name",
    [
        "<b>Bold</b> & Sons",
        "**Stars**",
        "[a](https://x.example)",
        "{{date}}",
        "</body>",
        "  a\n b ",
    ],
)
def test_a_value_is_text_and_never_markup(name):
    lead = replace(WANDERLUST, name=name)
    values = field_values(state_with(lead), NOW, "today")
    tree = filled("<body><p><strong>{{lead.name}}</strong></p></body>", values)
    assert to_text(tree) == " ".join(name.split())
    assert from_note_html(to_note_html(tree)) == tree
    assert "<strong>" in to_note_html(tree)


def test_fields_stand_anywhere_a_text_can():
    note = markdown_to_note_html(
        "# {{date}}\n\n- a\n  - {{ Lead.Name }}\n\n> {{date}}\n\n```\n{{date}}\n```\n"
    )
    values = {**field_values(state_with(), NOW, "D"), "date": "D"}
    assert text_of(note, values).count("D") == 3
    assert "Wanderlust Travel" in text_of(note, values)


def test_a_name_that_is_no_field_stays_as_it_was_written():
    values = field_values(state_with(), NOW, "")
    assert (
        text_of("<body><p>{{lead.owner}} {{ }} {x}</p></body>", values)
        == "{{lead.owner}} {{ }} {x}"
    )


@given(st.text(max_size=60), st.text(max_size=60))
def test_filling_never_raises_and_never_says_none(words, name):
    values = {**field_values(state_with(), NOW, "D"), "lead.name": name}
    tree = filled(markdown_to_note_html(words + " {{lead.name}}"), values)
    assert from_note_html(to_note_html(tree)) == tree
    assert CARET not in to_text(tree)

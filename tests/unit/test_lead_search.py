"""Words compared, slips forgiven, hits with their reasons, and names that are never markup."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from close_notes_gui.engine.lead_finder import LeadFinder
from close_notes_gui.model.folding import folded_with_places, terms_of, words_of
from close_notes_gui.model.ids import ContactId, LeadId
from close_notes_gui.model.lead import Contact, Lead, MatchedBy
from close_notes_gui.model.typing_errors import begins_nearly, is_roughly, slips
from close_notes_gui.present.matching import bold_digits, bold_parts
from close_notes_gui.store.index import file
from close_notes_gui.store.index.query import parse
from close_notes_gui.store.index.reader import IndexReader
from close_notes_gui.store.index.writer import IndexWriter

ODD_NAMES = (
    "<b>Bold</b> & Sons",
    "👩‍🚀 Space Ltd",
    "\u200fמשרד\u200e Media",
    "Line\nBreak",
    'Quote "R" Us',
    "NULL",
    "a\x00b Zero",
    "* AND OR NOT NEAR(x)",
    "'; DROP TABLE lead; --",
    "100% _under_",
    "\ud800 lone",
)


def lead(name: str, number: int = 0, **fields: object) -> Lead:
    return Lead(LeadId(f"lead_{number}"), name, **fields)  # type: ignore[arg-type]


@pytest.fixture
def place(tmp_path: Path) -> Iterator[tuple[IndexWriter, LeadFinder]]:
    path = tmp_path / "leads.db"
    file.prepare(path)
    writer, finder = IndexWriter(path), LeadFinder()
    finder.reader = IndexReader(path)
    yield writer, finder
    finder.reader.close()
    writer.close()


def ids(finder: LeadFinder, text: str) -> list[str]:
    return [hit.lead.id for hit in finder.find(text, limit=20)]


@pytest.mark.parametrize("name", ODD_NAMES)
def test_a_name_of_anything_is_kept_and_found_as_it_is(
    place: tuple[IndexWriter, LeadFinder], name: str
):
    writer, finder = place
    writer.put([lead(name, 1), lead("Other Company", 2)])
    kept = name.replace("\ud800", "\ufffd")
    hits = finder.find(name, limit=20)
    assert [hit.lead.name for hit in hits][:1] == [kept]
    writer.put([lead("Renamed", 1)])
    assert "lead_1" not in ids(finder, name)
    assert ids(finder, "renamed") == ["lead_1"]


@given(st.lists(st.text(max_size=30), max_size=6), st.text(max_size=40))
def test_no_text_breaks_the_index(
    tmp_path_factory: pytest.TempPathFactory, names: list[str], text: str
):
    path = tmp_path_factory.mktemp("index") / "leads.db"
    file.prepare(path)
    writer, finder = IndexWriter(path), LeadFinder()
    finder.reader = IndexReader(path)
    troubles: list[Exception] = []
    finder.on_trouble = troubles.append
    leads = [lead(name, number) for number, name in enumerate(names)]
    writer.put(leads)
    finder.find(text, limit=20)
    for name in names:
        finder.find(name, limit=20)
    assert writer.remove([one.id for one in leads]) == 0
    for name in names:
        assert ids(finder, name) == []
    writer.put(leads[:1])
    finder.reader.close()
    writer.close()
    assert not troubles


@given(st.text(max_size=60))
def test_folding_is_done_once(text: str):
    letters, places = folded_with_places(text)
    assert len(letters) == len(places)
    assert places == sorted(places)
    assert all(
        word == "".join(words_of(word)) or "+" in word or "#" in word for word in words_of(text)
    )


@pytest.mark.parametrize("word", ["enterprises", "ромашка", "müller"])
def test_each_slip_is_undone(word: str):
    word = words_of(word)[0]
    for at in range(1, len(word) - 1):
        swapped = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
        for slip in (word[:at] + word[at + 1 :], word[:at] + "x" + word[at:], swapped):
            assert begins_nearly(word, slip), slip
            if len(slip) > 4 and slip != word:
                assert any(word.startswith(spelt) for spelt in slips(slip)), slip


@pytest.mark.parametrize(
    ("term", "word"), [("wayne", "wnaey"), ("acme", "xyme"), ("abc", "abd"), ("42", "43")]
)
def test_two_slips_and_short_words_are_not_forgiven(term: str, word: str):
    assert not begins_nearly(term, word)


@pytest.mark.parametrize(
    ("term", "word"),
    [("oreilly", "oriely"), ("boulangere", "boulangrie"), ("kowalczyk", "kovalchyk")],
)
def test_two_slips_in_a_long_word_are_forgiven_where_nothing_else_is_found(
    place: tuple[IndexWriter, LeadFinder], term: str, word: str
):
    assert not begins_nearly(term, word)
    assert is_roughly(term, word)
    writer, finder = place
    writer.put([lead(f"{term.title()} Partners", 1), lead("Orchard Partners", 2)])
    assert ids(finder, word) == ["lead_1"]
    assert ids(finder, f"partnres {word}") == ["lead_1"]
    writer.put([lead(f"{word.title()} AG", 3)])
    assert ids(finder, word) == ["lead_3"], "what is there as typed stands alone"


@pytest.mark.parametrize(
    ("term", "word"),
    [("oreilly", "roeilyl"), ("wayne", "wanyf"), ("marble", "mailbox"), ("orient", "orielyx")],
)
def test_more_than_that_is_another_word(term: str, word: str):
    assert not is_roughly(term, word)


def test_no_guess_stands_beside_an_answer_to_all_words(place: tuple[IndexWriter, LeadFinder]):
    writer, finder = place
    writer.put([lead("Acme Janes", 1), lead("Acne Janet", 2)])
    finder.put([lead("Ahme Jade", 3)])  # heard of just now
    assert ids(finder, "acme jane") == ["lead_1"]
    assert set(ids(finder, "acme")) == {"lead_1", "lead_2", "lead_3"}, "one word may be mistyped"


def test_accents_that_were_typed_are_meant(place: tuple[IndexWriter, LeadFinder]):
    writer, finder = place
    writer.put([lead("Acme Corporation", 1), lead("Acmé Pâtisserie", 2), lead("Acme Anvils", 3)])
    assert ids(finder, "acme")[0] == "lead_1"
    assert ids(finder, "acmé") == ["lead_2", "lead_1", "lead_3"]


def test_letters_of_every_dress_are_folded_alike():
    assert words_of("𝐖𝐚𝐲𝐧𝐞 ＡＣＭＥ №5 ℂo") == ["wayne", "acme", "no5", "co"]


def test_terms_of_unspaced_scripts_are_pairs():
    assert terms_of("東京都") == ["東京", "京都", "都"]
    assert "oreilly" in terms_of("O'Reilly")
    assert "mueller" in terms_of("Müller")


def test_a_query_is_taken_apart():
    assert parse('acme status:"bad fit"').status == "badfit"
    assert parse("status:customer").rest == ""
    assert parse("0049 30 1234").digits == "49301234"
    assert parse("mailto:Jane@Acme.com").address == "jane acme.com"  # folded
    assert parse("https://www.acme.co/x").words == ("acme",)
    assert parse("42").digits == ""
    assert parse("  ").is_empty


def test_the_reason_is_told_and_the_person_is_chosen(place: tuple[IndexWriter, LeadFinder]):
    writer, finder = place
    jane = Contact(
        ContactId("cont_j"), "Jane Doe", emails=("jane@acme.com",), phones=("+1 555-0199-77",)
    )
    bob = Contact(ContactId("cont_b"), "Bob Ray")
    writer.put(
        [lead("Acme", 1, contacts=(bob, jane), url="https://acme.io/", address="Berlin, DE")]
    )
    expected = {
        "acme": (MatchedBy.NAME, "", None),
        "doe jane": (MatchedBy.CONTACT, "Jane Doe", jane.id),
        "acme bob": (MatchedBy.CONTACT, "Bob Ray", bob.id),
        "jane@ac": (MatchedBy.EMAIL, "jane@acme.com", jane.id),
        "(555) 019977": (MatchedBy.PHONE, "+1 555-0199-77", jane.id),
        "acme.io": (MatchedBy.URL, "https://acme.io/", None),
        "acme berlin": (MatchedBy.OTHER, "Berlin, DE", None),
    }
    for text, reason in expected.items():
        hit = finder.find(text, limit=5)[0]
        assert (hit.matched_by, hit.why, hit.contact_id) == reason, text


def test_own_leads_first_then_whole_names_then_beginnings(place: tuple[IndexWriter, LeadFinder]):
    writer, finder = place
    writer.put(
        [lead(name, n) for n, name in enumerate(["The Sun Room", "Sunday", "Sun Ltd", "Sunset"])]
    )
    assert ids(finder, "sun") == ["lead_2", "lead_1", "lead_3", "lead_0"]
    finder.opened(lead("Sunset", 3))
    assert ids(finder, "sun")[0] == "lead_3"


def test_a_lead_that_is_gone_is_found_no_more(place: tuple[IndexWriter, LeadFinder]):
    writer, finder = place
    writer.put([lead("Gone Inc", 1)])
    finder.opened(lead("Gone Inc", 1))
    finder.remove(LeadId("lead_1"))
    assert ids(finder, "gone") == []
    assert finder.get(LeadId("lead_1")) is None


@pytest.mark.parametrize(
    ("name", "words", "bold"),
    [
        ("Wayne Enterprises", "we", ["W", "E"]),
        ("Wayne Enterprises", "wanye", ["Wayne"]),
        ("Wayne Enterprises", "enterp", ["Enterp"]),
        ("Rocket Surgery", "rocketsur", ["Rocket", "Sur"]),
        ("O'Reilly", "orei", ["O'Rei"]),
        ("株式会社さくら商事", "さくら", ["さくら"]),
        ("<b>Bold</b>", "bold", ["Bold"]),
        ("Straße 12", "strasse", ["Straße"]),
        ("O'Reilly", "oriely", ["O'Reilly"]),
        ("Acme", "zzz", []),
    ],
)
def test_the_bold_part_is_what_answered(name: str, words: str, bold: list[str]):
    assert [name[start : start + length] for start, length in bold_parts(name, words)] == bold


@pytest.mark.parametrize(
    ("phone", "typed", "bold"),
    [
        ("+1 979-555-5474", "979 555", ["979-555"]),
        ("+1 979-555-5474", "(979)5555474", ["979-555-5474"]),
        ("+1 979-555-5474", "0979 555 54", ["979-555-54"]),
        ("+1 979-555-5474", "12", []),
        ("+49 (30) 12 34", "3012", ["30) 12"]),
    ],
)
def test_the_digits_that_were_typed_are_bold(phone: str, typed: str, bold: list[str]):
    assert [phone[at : at + length] for at, length in bold_digits(phone, typed)] == bold

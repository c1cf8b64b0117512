"""QTextDocument and the rich-text tree say the same, both ways, without a widget."""

import pytest
from hypothesis import given
from PySide6.QtGui import QTextCursor, QTextDocument

from close_notes_gui.markup import to_note_html
from close_notes_gui.model.richtext import (
    BulletList,
    CodeBlock,
    Heading,
    Image,
    LineBreak,
    ListItem,
    Marks,
    Mention,
    Paragraph,
    Quote,
    RichText,
    Text,
)
from close_notes_gui.ui.richtext import formats
from close_notes_gui.ui.richtext.document import document_to_tree, fill_document
from close_notes_gui.ui.richtext.insert import insert_tree
from close_notes_gui.ui.richtext.selection import selected_tree
from close_notes_gui.ui.richtext.walker import Walker
from tests.strategies import rich_texts


def text(words: str, **marks: object) -> Text:
    return Text(words, Marks(**marks))  # type: ignore[arg-type]


@given(rich_texts())
def test_a_tree_comes_back_from_a_document(qapp, tree: RichText):
    document = QTextDocument()
    fill_document(document, tree)
    assert document_to_tree(document) == tree


@given(rich_texts())
def test_the_walker_writes_what_the_tree_is(qapp, tree: RichText):
    document = QTextDocument()
    fill_document(document, tree)
    walker = Walker(document)
    assert walker.note_html() == to_note_html(tree)
    assert walker.tree() == tree


@pytest.mark.parametrize("kind", [Quote, BulletList])
def test_a_long_list_or_quote_is_written_a_little_at_a_time(qapp, kind: type[Quote | BulletList]):
    lines = tuple(Paragraph((text(f"line {number}"),)) for number in range(400))
    block = Quote(lines) if kind is Quote else BulletList(tuple(ListItem((p,)) for p in lines))
    document = QTextDocument()
    fill_document(document, RichText((block,)))
    walker = Walker(document)
    pauses_to_read = len(lines) // 40
    assert len(list(walker.catch_up())) > 2 * pauses_to_read
    assert walker.note_html() == to_note_html(RichText((block,)))


@given(rich_texts())
def test_everything_selected_is_the_tree(qapp, tree: RichText):
    document = QTextDocument()
    fill_document(document, tree)
    cursor = QTextCursor(document)
    cursor.select(QTextCursor.SelectionType.Document)
    # An item whose paragraph is empty is copied without it; all else is as it was.
    again = QTextDocument()
    fill_document(again, selected_tree(cursor))
    assert document.toPlainText().split() == again.toPlainText().split()


@given(rich_texts(), rich_texts())
def test_inserting_is_one_step_that_undo_takes_back(qapp, tree: RichText, pasted: RichText):
    document = QTextDocument()
    fill_document(document, tree)
    walker = Walker(document)
    before = walker.note_html()
    cursor = QTextCursor(document)
    cursor.setPosition(document.characterCount() // 2)
    insert_tree(cursor, pasted)
    after = walker.note_html()
    assert after == to_note_html(document_to_tree(document))
    document.undo()
    assert walker.note_html() == before == to_note_html(document_to_tree(document))
    document.redo()
    assert walker.note_html() == after


def test_pictures_are_not_pictures_of_qt(qapp):
    document = QTextDocument()
    fill_document(document, RichText((Paragraph((Image("https://e.com/i.png", "x"),)),)))
    fragment = document.begin().begin().fragment()
    assert not fragment.charFormat().isImageFormat()
    assert formats.atom_of(fragment.charFormat()) == Image("https://e.com/i.png", "x")


def test_neighbouring_mentions_stay_two(qapp):
    jo = Mention("user_1", "Jo")
    tree = RichText((Paragraph((jo, jo)),))
    document = QTextDocument()
    fill_document(document, tree)
    assert document_to_tree(document) == tree


def test_long_code_is_one_block_of_the_note(qapp):
    tree = RichText((CodeBlock("\n".join(f"line {n}" for n in range(2_000)), "py"),))
    document = QTextDocument()
    fill_document(document, tree)
    assert document.blockCount() > 1
    assert document_to_tree(document) == tree
    assert Walker(document).note_html() == to_note_html(tree)


def test_part_of_a_line_is_copied_as_text_in_a_line(qapp):
    document = QTextDocument()
    fill_document(document, RichText((Heading(1, (text("Hello 👩‍💻 world"),)),)))
    cursor = QTextCursor(document)
    cursor.setPosition(6)
    cursor.setPosition(11, QTextCursor.MoveMode.KeepAnchor)
    assert selected_tree(cursor) == RichText((Paragraph((Text("👩‍💻"),)),))


def test_part_of_a_list_is_copied_without_the_items_it_left_out(qapp):
    inner = BulletList((ListItem((Paragraph((text("b"),)),)), ListItem((Paragraph((text("c"),)),))))
    outer = BulletList((ListItem((Paragraph((text("a"),)), inner)),))
    document = QTextDocument()
    fill_document(document, RichText((outer,)))
    cursor = QTextCursor(document)
    cursor.setPosition(2)
    cursor.setPosition(5, QTextCursor.MoveMode.KeepAnchor)
    assert selected_tree(cursor) == RichText((inner,))


def test_text_in_a_rule_is_not_lost(qapp):
    document = QTextDocument()
    from close_notes_gui.model.richtext import Rule

    fill_document(document, RichText((Rule(),)))
    QTextCursor(document).insertText("typed")
    assert to_note_html(document_to_tree(document)) == "<body><hr /><p>typed</p></body>"


def test_breaks_and_quotes_nest(qapp):
    tree = RichText(
        (Quote((Paragraph((text("a"), LineBreak(), text("b"))), Quote((Paragraph(),)))),)
    )
    document = QTextDocument()
    fill_document(document, tree)
    assert document_to_tree(document) == tree

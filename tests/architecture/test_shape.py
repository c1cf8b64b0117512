"""Files and functions stay short, are named for what they do, and say what they are for."""

import ast
import re

from tests.architecture.sources import Module, program, suite

FILE_LINES = 400
FUNCTION_LINES = 40
DOCSTRING_LINES = 6
EMPTY_NAMES = {
    "manager",
    "managers",
    "helper",
    "helpers",
    "util",
    "utils",
    "controller",
    "controllers",
    "handler",
    "handlers",
    "data",
    "info",
    "misc",
    "common",
}
NO_STUBS = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")


def words(name: str) -> set[str]:
    """The words of a snake_case or CamelCase name, lower case."""
    return {word.lower() for word in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+", name)}


def length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines from `def` to the end, the docstring not counted."""
    lines = (node.end_lineno or node.lineno) - node.lineno + 1
    first = node.body[0]
    if ast.get_docstring(node, clean=False) is not None:
        lines -= (first.end_lineno or first.lineno) - first.lineno + 1
    return lines


def functions(source: Module) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every function and method, nested ones included."""
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return [node for node in ast.walk(source.tree) if isinstance(node, kinds)]


def test_no_file_is_too_long():
    long = {
        m.name: n for m in (*program(), *suite()) if (n := len(m.text.splitlines())) > FILE_LINES
    }
    assert not long


def test_no_function_is_too_long():
    long = {
        f"{source.name}:{node.lineno} {node.name}": length(node)
        for source in program()
        for node in functions(source)
        if length(node) > FUNCTION_LINES
    }
    assert not long


def test_names_say_something():
    empty = [m.name for m in program() if words(m.path.stem) & EMPTY_NAMES]
    for source in program():
        empty += [
            f"{source.name}: {node.name}"
            for node in ast.walk(source.tree)
            if isinstance(node, ast.ClassDef) and words(node.name) & EMPTY_NAMES
        ]
    assert not empty


def test_each_module_says_what_it_is_for_in_a_few_lines():
    for source in program():
        docstring = ast.get_docstring(source.tree)
        assert docstring, f"{source.name} has no docstring"
        # A drawing (an indented tree of errors, of states) is no prose and may be longer.
        prose = [line for line in docstring.splitlines() if not line.startswith("    ")]
        assert len(prose) <= DOCSTRING_LINES, source.name


def test_each_public_class_says_what_it_promises():
    silent = [
        f"{source.name}: {node.name}"
        for source in program()
        for node in ast.walk(source.tree)
        if isinstance(node, ast.ClassDef)
        and not node.name.startswith("_")
        and not ast.get_docstring(node)
    ]
    assert not silent


def test_nothing_is_left_for_later():
    assert not [source.name for source in program() if NO_STUBS.search(source.text)]


def test_dataclasses_are_frozen_and_slotted():
    loose = [
        f"{source.name}: {node.name}"
        for source in program()
        if "/model/" in source.name
        for node in ast.walk(source.tree)
        if isinstance(node, ast.ClassDef)
        for decorator in node.decorator_list
        if "dataclass" in ast.unparse(decorator)
        and not {"frozen=True", "slots=True"}
        <= set(re.findall(r"\w+=True", ast.unparse(decorator)))
    ]
    assert not loose


def test_tests_do_not_sleep_or_mock_blindly():
    for source in suite():
        names = {node.attr for node in ast.walk(source.tree) if isinstance(node, ast.Attribute)}
        names |= {node.id for node in ast.walk(source.tree) if isinstance(node, ast.Name)}
        assert not names & {"MagicMock", "qWait"}, source.name
        calls = {ast.unparse(n.func) for n in ast.walk(source.tree) if isinstance(n, ast.Call)}
        assert "time.sleep" not in calls, source.name

"""The commands that the README names exist, and CI runs the very one that it names for tests."""

import re

import dev
from tests.architecture.sources import ROOT


def test_readme_names_only_commands_that_exist():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    named = set(re.findall(r"python3? dev\.py (\w+)", readme))
    assert {"run", "test"} <= named <= set(dev.COMMANDS)


def test_ci_runs_the_test_command_of_the_readme():
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    command = script.strip().splitlines()[-1]
    assert command == "python3 dev.py test"
    assert command in (ROOT / "README.md").read_text(encoding="utf-8")

"""What README and the generated docstrings say of options, settings and commands is all there is, and is run."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

import click
import pytest

from cqrs_gen import cli

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
sys.path.insert(0, str(ROOT / "templates"))

COMMAND: click.Command = vars(cli)["_command"]


@pytest.mark.parametrize("option", [option for option in COMMAND.params if isinstance(option, click.Option)], ids=str)
def test_readme_has_every_option(option: click.Option) -> None:
    for name in option.opts:
        assert f"`{name}" in README


def test_ci_runs_the_commands_of_readme() -> None:
    commands = re.findall(r"^\$ (make [a-z]+)$", README, re.MULTILINE)
    assert commands == ["make demo", "make test"]
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    for command in commands:
        assert re.search(rf"^{command}$", script, re.MULTILINE)


def _settings(module: str, name: str) -> Any:
    return vars(__import__(f"runtime.{module}", fromlist=[name]))[name].model_fields


@pytest.mark.parametrize(
    ("case", "module", "name"),
    [
        ("user_events_kafka", "settings", "ServiceSettings"),
        ("user_events_kafka", "kafka.settings", "KafkaSettings"),
        ("user_events_rabbitmq", "rabbit.settings", "RabbitSettings"),
        ("servers", "servers", "ServerChoice"),
    ],
)
def test_every_setting_is_described(case: str, module: str, name: str) -> None:
    generated = (ROOT / "tests/golden" / case / "expected/contract/settings.py").read_text(encoding="utf-8")
    docstring = generated.split('"""')[1]
    for setting in _settings(module, name):
        assert f"{case}_{setting}".upper() in docstring
        assert f"ORDERS_{setting.upper()}" in README


def test_the_promises_of_delivery_name_tests_that_are_there() -> None:
    document = (ROOT / "docs" / "delivery.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`(tests/[^`]+\.py)`", document))
    assert {name for name in named if not (ROOT / name).is_file()} == set()
    there = {path.relative_to(ROOT).as_posix() for path in (ROOT / "tests" / "delivery").rglob("test_*.py")}
    assert there - named == set()

"""What README shows works as it stands there: the tests, and the commands for schema files."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from cqrs_gen.cli import main

ROOT = Path(__file__).parents[2]
CONTRACT = ROOT / "specs" / "user-events-kafka"
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_tests_of_readme_pass(tmp_path: Path) -> None:
    [example] = [text for text in re.findall(r"```python\n(.*?)```", README, re.DOTALL) if "def test_" in text]
    assert main([str(CONTRACT / "asyncapi.yaml"), "--package", "users", "-o", str(tmp_path), "-q"]) == 0
    shutil.copytree(CONTRACT / "handlers", tmp_path / "users" / "handlers", dirs_exist_ok=True)
    (tmp_path / "test_users.py").write_text(example, encoding="utf-8")
    (tmp_path / "pytest.ini").write_text("[pytest]\nasyncio_mode = auto\n", encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, "2 passed" in done.stdout) == (0, True), done.stdout + done.stderr


def test_the_commands_for_schema_files_work(tmp_path: Path) -> None:
    section = README.split("\n## Schema files\n")[1].split("\n## ")[0]
    [schema] = re.findall(r"```json\n(.*?)```", section, re.DOTALL)
    money = (ROOT / "specs" / "catalog" / "common" / "money.json").read_text(encoding="utf-8")
    for name, text in {"order-placed": schema, "common/money": money}.items():
        path = tmp_path / "schemas" / f"{name}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    commands = [line.removeprefix("$ ") for line in section.splitlines() if line.startswith("$ cqrs-gen ")]
    assert len(commands) == 3
    for command in commands:
        (_, *arguments), target = _split(command)
        done = subprocess.run(
            [sys.executable, "-m", "cqrs_gen", *arguments], cwd=tmp_path, capture_output=True, check=True
        )
        if target:
            (tmp_path / target[0]).write_bytes(done.stdout)
    assert _page(tmp_path / "orders") == _page(tmp_path / "orders_again")
    for package in ("orders", "orders_again"):
        models = (tmp_path / package / "contract" / "models.py").read_text(encoding="utf-8")
        assert "class OrderPlaced(" in models
        assert "class Money(" in models


def _split(command: str) -> tuple[list[str], list[str]]:
    """Give the words of a command, and the file that its output goes to."""
    words = shlex.split(command, comments=True)
    end = words.index(">") if ">" in words else len(words)
    return words[:end], words[end + 1 :]


def _page(package: Path) -> Any:
    return json.loads((package / "contract" / "asyncapi.json").read_text(encoding="utf-8"))

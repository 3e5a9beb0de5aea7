"""The tests that README shows pass as they stand there."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

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

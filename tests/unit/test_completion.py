"""Completion in shells, as each shell asks for it: through `entry`, also where there would be nothing to do."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

CONTRACT = """\
asyncapi: 3.0.0
info: {title: Shop, version: 1.0.0}
channels: {orders: {address: orders, messages: {Placed: {payload: {type: object}}}}}
operations: {handle: {action: receive, channel: {$ref: '#/channels/orders'}}}
"""


def cqrs_gen(folder: Path, *arguments: str, **environment: str) -> str:
    """Run the installed command."""
    command = Path(sys.executable).with_name("cqrs-gen")
    done = subprocess.run(
        [command, *arguments], cwd=folder, env={**os.environ, **environment}, capture_output=True, text=True, check=True
    )
    return done.stdout


def completions(folder: Path, *words: str) -> list[str]:
    """Complete the last word, as bash does."""
    asked = {"COMP_WORDS": "\n".join(["cqrs-gen", *words]), "COMP_CWORD": str(len(words))}
    lines = cqrs_gen(folder, **asked, _CQRS_GEN_COMPLETE="bash_complete").splitlines()
    return [value if kind == "plain" else kind for kind, _, value in (line.partition(",") for line in lines if line)]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["--pack"], ["--package"]),
        (["--envelope", ""], ["auto", "cqrs", "none"]),
        (["asyncapi.yaml", "--protocol", "k"], ["kafka"]),
        (["--format", "j"], ["json"]),
        ([""], ["file"]),
        (["asy"], ["file"]),
        (["ins"], ["file", "inspect"]),
        (["-q", "ins"], ["file"]),
        (["inspect", ""], ["file"]),
        (["inspect", "ins"], ["file"]),
        (["inspect", "--f"], ["--format"]),
        (["inspect", "--che"], []),
    ],
)
def test_a_word_is_completed(tmp_path: Path, words: list[str], expected: list[str]) -> None:
    assert completions(tmp_path, *words) == expected


def test_a_document_comes_before_a_command(tmp_path: Path) -> None:
    (tmp_path / "insurance.yaml").touch()
    assert completions(tmp_path, "ins") == ["file"]


def test_with_nothing_to_do_it_still_completes(tmp_path: Path) -> None:
    (tmp_path / "asyncapi.yaml").write_text(CONTRACT)
    usual = ["asyncapi.yaml", "--protocol", "kafka"]
    cqrs_gen(tmp_path, *usual)
    assert "_cqrs_gen_completion" in cqrs_gen(tmp_path, *usual, _CQRS_GEN_COMPLETE="bash_source")


@pytest.mark.parametrize(
    ("shell", "mark"), [("bash", "complete -o nosort"), ("zsh", "#compdef cqrs-gen"), ("fish", "complete --no-files")]
)
def test_every_shell_has_its_script(tmp_path: Path, shell: str, mark: str) -> None:
    script = cqrs_gen(tmp_path, _CQRS_GEN_COMPLETE=f"{shell}_source")
    assert mark in script
    assert f"_CQRS_GEN_COMPLETE={shell}_complete" in script


@pytest.mark.skipif(shutil.which("bash") is None, reason="there is no bash")
def test_bash_completes_with_the_script(tmp_path: Path) -> None:
    program = """
        eval "$(_CQRS_GEN_COMPLETE=bash_source cqrs-gen)"
        COMP_WORDS=(cqrs-gen --enve); COMP_CWORD=1
        _cqrs_gen_completion cqrs-gen
        echo "${COMPREPLY[@]}"
    """
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "-c", program],
        cwd=tmp_path,
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "--envelope\n"

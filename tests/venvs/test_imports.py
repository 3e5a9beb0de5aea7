"""A generated package needs what its requirements.txt names, and nothing else: no generator, nothing of tests."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.golden.cases import Case, all_cases, run
from tests.venvs.cached import cached_venv

if TYPE_CHECKING:
    from pathlib import Path

GENERATED = [case for case in all_cases() if case.exit_code == 0]

SETTINGS = {
    "brokers": {
        "BROKERS_KAFKA_PLAINTEXT": "true",
        "BROKERS_KAFKA_ARCHIVE_PLAINTEXT": "true",
        "BROKERS_RABBIT_PARTNERS_URL": "amqp://guest:guest@localhost/",
    },
    "virtual_hosts": {"VIRTUAL_HOSTS_RABBIT_URL": "amqp://guest:guest@localhost/"},
    "not_yet": {"NOT_YET_KAFKA_PLAINTEXT": "true"},
    "payments": {"PAYMENTS_KAFKA_PLAINTEXT": "true", "PAYMENTS_RABBIT_URL": "amqp://guest:guest@localhost/"},
    "publishers": {"PUBLISHERS_REGISTERED_SCHEMA_ID": "1", "PUBLISHERS_DESCRIBED_SCHEMA_ID": "2"},
    "secured": {"SECURED_KAFKA_PLAINTEXT": "true", "SECURED_RABBIT_URL": "amqp://guest:guest@localhost/"},
    "secured_2": {"SECURED_2_KAFKA_PLAINTEXT": "true", "SECURED_2_RABBIT_URL": "amqp://guest:guest@localhost/"},
    "hostile": {"HOSTILE_A_IMPORT_OS_OS_ABORT_GROUP_ID": "other"},
    "servers": {"SERVERS_MATCHED_GROUP_ID": "team-a", "SERVERS_CHOSEN_GROUP_ID": "one"},
}
"""What has no default, and how to do without logins, by case."""

SCRIPT = """\
import importlib
import importlib.util
import pkgutil
import sys

name, folder = sys.argv[1:]
if importlib.util.find_spec("cqrs_gen") is not None:
    sys.exit("cqrs_gen can be imported here, so nothing is proved")
sys.path.insert(0, folder)
package = importlib.import_module(name)
found = [module.name for module in pkgutil.walk_packages(package.__path__, f"{name}.")]
for module in found:
    importlib.import_module(module)
app = sys.modules[f"{name}.app"].app
print(len(found), callable(app))
"""


@pytest.mark.slow
@pytest.mark.parametrize("case", GENERATED, ids=lambda case: case.name)
def test_every_module_imports_with_the_declared_requirements_only(case: Case, tmp_path: Path) -> None:
    run(case, tmp_path)
    package = tmp_path / case.name
    lines = (package / "contract" / "requirements.txt").read_text(encoding="utf-8").splitlines()
    python = cached_venv(sys.executable, [line for line in lines if not line.startswith("#")])
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    done = subprocess.run(
        [str(python), "-I", "-c", SCRIPT, case.name, str(tmp_path)],
        cwd=tmp_path,
        env=environment | SETTINGS.get(case.name, {}),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    modules = [path for path in package.rglob("*.py") if path != package / "__init__.py"]
    assert done.stdout == f"{len(modules)} True\n"

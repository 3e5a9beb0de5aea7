"""The generated package: made by the real command, its handler filled in as people do."""

from __future__ import annotations

import shutil
import subprocess
import sysconfig
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from benchmarks.consuming.counting import Counter

NAME: Final = "users"
GROUP: Final = "USERS_USERS_GROUP_ID"
"""The setting that names the consumer group."""

_NEEDS: Final = """
    class Needed:
        pass

    def __init__(self, needed: Needed) -> None:
        pass

"""
_CONTRACT: Final = Path(__file__).parent / "users.yaml"


@dataclass(frozen=True)
class Handling:
    """What the handler does: it counts; before that it may wait, as for a database, and it may need an object."""

    counter: type[Counter]
    waits: float = 0
    needs: bool = False

    def fill_in(self, stub: str) -> str:
        """Give the text of the handler's file, which was generated with a stub in it."""
        assert "raise NotImplementedError" in stub
        counter = self.counter.__name__
        imports = f"import cqrs\nimport asyncio\n\nfrom {self.counter.__module__} import {counter}\n"
        text = stub.replace("import cqrs\n", f"{imports}\n_COUNTER = {counter}.of_service()\n", 1)
        wait = f"await asyncio.sleep({self.waits})\n        " if self.waits else ""
        text = text.replace("raise NotImplementedError", f"{wait}_COUNTER.tick()")
        return text.replace("    async def", f"{_NEEDS}    async def", 1) if self.needs else text


def generate(home: Path, protocol: str, address: str, handling: Handling) -> Path:
    """Generate a package that receives from `address` into `home`, a new folder, and give that."""
    command = shutil.which("cqrs-gen", path=sysconfig.get_path("scripts"))
    assert command is not None, "cqrs-gen is installed beside this Python"
    home.mkdir()
    contract = _CONTRACT.read_text(encoding="utf-8").replace("address: users", f"address: {address}")
    document = home / _CONTRACT.name
    document.write_text(contract, encoding="utf-8")
    options = ("--package", NAME, "--protocol", protocol, "-o", str(home), "--quiet")
    subprocess.run([command, str(document), *options], check=True)
    handler = home / NAME / "handlers" / "user_created.py"
    handler.write_text(handling.fill_in(handler.read_text(encoding="utf-8")), encoding="utf-8")
    return home

"""What a whole run of cqrs-gen costs, as a multiple of what the model generator alone needs for the same document.

    python -m benchmarks.generate [--judge] [DOCUMENT ...]

The peer is `datamodel-codegen` on the very document, with the preset that cqrs-gen pins: it writes models, cqrs-gen a
whole service. The two commands run in turns, so that a busy machine slows both, and the medians are compared. Each
run of cqrs-gen writes into a new folder: there is always everything to do. With `--judge` the exit code is 1 when a
multiple is above the limit.

Without DOCUMENT it takes two of specs/, and real ones of the corpus in the folder that CQRS_GEN_SHARED names.
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import sysconfig
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

SPECS: Final = Path(__file__).parents[1] / "specs"
DOCUMENTS: Final = (SPECS / "orders" / "asyncapi.yaml", SPECS / "user-events-kafka" / "asyncapi.yaml")
CORPUS: Final = (
    "ZenWave360__zenwave-sdk/zenwave-sdk-test-resources/src/main/resources/io/zenwave360/sdk/resources/asyncapi/v2/asyncapi-events.yml",
    "asyncapi__asyncapi-react/library/src/__tests__/docs/v3/streetlights-kafka.json",
    "asyncapi__generator/packages/templates/clients/kafka/test/__fixtures__/asyncapi-adeo.yml",
    "springwolf__springwolf-core/springwolf-examples/springwolf-cloud-stream-example/src/test/resources/asyncapi.json",
)
"""Services of several messages that the peer accepts, too: AsyncAPI 2 and 3, Kafka and RabbitMQ, JSON and Avro."""
LIMIT: Final = 2.0
ROUNDS: Final = 7
PRESET: Final = "standard-py310-20261027"


def main(arguments: Sequence[str]) -> int:
    """Measure, print, and judge when asked to."""
    documents = [Path(argument) for argument in arguments if argument != "--judge"] or _documents()
    ratios = [_measure(document) for document in documents]
    return 1 if "--judge" in arguments and max(ratios) > LIMIT else 0


def _documents() -> list[Path]:
    """Give what is measured when nothing is asked for."""
    shared = os.environ.get("CQRS_GEN_SHARED")
    if shared is None:
        print("without the corpus, whose folder CQRS_GEN_SHARED would name")
        return list(DOCUMENTS)
    return [*DOCUMENTS, *(Path(shared, "corpus", "documents", name) for name in CORPUS)]


def _measure(document: Path) -> float:
    peer, ours = _script("datamodel-codegen"), _script("cqrs-gen")
    times: list[tuple[float, float]] = []
    for number in range(ROUNDS + 1):
        with tempfile.TemporaryDirectory() as folder:
            models = [peer, "--input", str(document), "--input-file-type", "asyncapi", "--preset", PRESET]
            models += ["--formatters", "builtin", "--output", f"{folder}/models.py"]
            whole = [ours, str(document), "--package", "service", "-o", folder, "--quiet"]
            times.append((_seconds(models), _seconds(whole)))
        if number == 0:  # it only warms the caches
            times.clear()
    models_alone, service = (statistics.median(column) for column in zip(*times, strict=True))
    ratio = service / models_alone
    print(f"{document.parent.name}/{document.name}", flush=True)
    print(f"  datamodel-codegen, models  {models_alone * 1000:7.0f} ms")
    print(f"  cqrs-gen, a service        {service * 1000:7.0f} ms")
    print(f"  ratio                      {ratio:7.2f}    (limit {LIMIT})")
    return ratio


def _script(name: str) -> str:
    path = shutil.which(name, path=sysconfig.get_path("scripts"))
    assert path is not None, f"{name} is not installed for {sys.executable}"
    return path


def _seconds(command: list[str]) -> float:
    start = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    return time.perf_counter() - start


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

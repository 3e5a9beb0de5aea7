"""What must come out of documents that other people wrote, and that none of them ever breaks the generator."""

from __future__ import annotations

import contextlib
import csv
import io
import re
import time
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import pytest

from cqrs_gen.cli import main
from cqrs_gen.contract.read import read
from cqrs_gen.diagnostics import Diagnostics
from cqrs_gen.document.load import load
from tests.corpus.documents import corpus, find
from tests.generated import Package

if TYPE_CHECKING:
    from pathlib import Path

    from cqrs_gen.plan.views import SubscriberView

LONGEST: Final = 20
"""Seconds that a document may take."""

_FINDING: Final = re.compile(r"^(.+?):(\d+):(\d+): (error|warning): (.*) \[([a-z-]+)\]$", re.MULTILINE)


@dataclass(frozen=True)
class Outcome:
    """What a run said and how it ended."""

    exit_code: int
    text: str

    @property
    def ids(self) -> Counter[str]:
        """How often each rule was named."""
        return Counter(rule for *_, rule in _FINDING.findall(self.text))

    @property
    def errors(self) -> list[str]:
        """The errors, as `line:column message [rule]`."""
        found = _FINDING.findall(self.text)
        return [f"{line}:{column} {text} [{rule}]" for _, line, column, kind, text, rule in found if kind == "error"]

    @property
    def places(self) -> dict[str, list[str]]:
        """Where the errors are, as `line:column`, by their rule."""
        found: dict[str, list[str]] = {}
        for _, line, column, kind, _, rule in _FINDING.findall(self.text):
            if kind == "error":
                found.setdefault(rule, []).append(f"{line}:{column}")
        return found


def generate(document: Path, output: Path, *args: str) -> Outcome:
    """Run the generator as a user would."""
    errors = io.StringIO()
    with contextlib.redirect_stderr(errors), contextlib.redirect_stdout(io.StringIO()):
        exit_code = main([str(document), "--output", str(output), "--package", "service", *args])
    return Outcome(exit_code, errors.getvalue())


def subscribers(document: Path, folder: Path) -> dict[str, SubscriberView]:
    """Generate a package that is called `service` and give its subscribers by their first address."""
    [protocol] = Package(document, folder, "service").view.brokers
    return {subscriber.sources[0].address: subscriber for subscriber in protocol.subscribers}


def groups(found: dict[str, SubscriberView]) -> dict[str, str | None]:
    return {address: one.setting.default for address, one in found.items() if one.setting is not None}


@pytest.mark.parametrize("name", ["streetlights", "streetlights_2"])
def test_streetlights_receives_by_a_parameter(name: str, tmp_path: Path) -> None:
    outcome = generate(find(name), tmp_path)
    assert outcome.exit_code == 0
    assert outcome.ids == {"unsupported-binding": 1}
    view = Package(find(name), tmp_path / "again", "service").view
    [subscriber] = view.brokers[0].subscribers
    assert subscriber.sources[0].address == "smartylighting.streetlights.1.0.event.{streetlightId}.lighting.measured"
    assert [parameter.name for parameter in view.deserializers[0].parameters] == ["streetlightId"]


@pytest.mark.parametrize("name", ["streetlights", "streetlights_2"])
def test_streetlights_turns_on_and_off_as_texts(name: str) -> None:
    diagnostics = Diagnostics()
    document = load([find(name)], diagnostics, cwd=corpus())
    assert document is not None
    schemas = document.root.value["components"]["schemas"]
    assert schemas["turnOnOffPayload"]["properties"]["command"]["enum"] == ["on", "off"]


def test_rpc_server_is_a_queue_that_is_not_durable(tmp_path: Path) -> None:
    outcome = generate(find("rpc_server"), tmp_path)
    assert outcome.exit_code == 0
    assert outcome.ids == {"unsupported-binding": 1}
    [subscriber] = subscribers(find("rpc_server"), tmp_path / "again").values()
    details: Any = subscriber.details
    assert (details.queue, details.durable, details.bindings) == ("rpc_queue", False, ())
    assert subscriber.sources[0].operations == {"Sum": "sum"}
    assert "numbers: Annotated[list[int | float] | None, NonNull]" in (
        tmp_path / "service/contract/models.py"
    ).read_text(encoding="utf-8")


def test_spring_amqp_has_queues_and_routing_keys(tmp_path: Path) -> None:
    outcome = generate(find("spring_amqp"), tmp_path)
    assert outcome.exit_code == 0
    assert outcome.ids == {"unsupported-binding": 9}
    found = subscribers(find("spring_amqp"), tmp_path / "again")
    details: dict[str, Any] = {address: one.details for address, one in found.items()}
    queues = {address: one for address, one in details.items() if not one.bindings}
    assert {address: one.queue for address, one in queues.items()} == {
        name: name for name in ("another-queue", "example-queue", "multi-payload-queue", "queue-create", "queue-delete")
    }
    assert [address for address, one in details.items() if one.auto_delete] == ["another-queue"]
    assert {
        address: (one.queue, binding.exchange.name, binding.exchange.type, binding.routing_key)
        for address, one in details.items()
        for binding in one.bindings
    } == {
        "CRUD-topic-exchange-1": (
            "service.CRUD-topic-exchange-1",
            "CRUD-topic-exchange-1",
            "topic",
            "CRUD-topic-exchange-1",
        ),
        "CRUD-topic-exchange-2": (
            "service.CRUD-topic-exchange-2",
            "CRUD-topic-exchange-2",
            "topic",
            "CRUD-topic-exchange-2",
        ),
        "example-topic-exchange_example-topic-routing-key": (
            "service.example-topic-exchange_example-topic-routing-key",
            "example-topic-exchange",
            "topic",
            "example-topic-exchange_example-topic-routing-key",
        ),
    }
    assert all(one.durable and not one.exclusive for one in details.values())
    assert {address: list(one.sources[0].operations) for address, one in found.items()} == {
        "CRUD-topic-exchange-1": ["GenericPayloadDtoExamplePayloadDto"],
        "CRUD-topic-exchange-2": ["ExamplePayloadDto"],
        "another-queue": ["AnotherPayloadDto"],
        "example-queue": ["ExamplePayloadDto"],
        "example-topic-exchange_example-topic-routing-key": ["ExamplePayloadDto"],
        "multi-payload-queue": ["AnotherPayloadDto", "ExamplePayloadDto"],
        "queue-create": ["GenericPayloadDtoString"],
        "queue-delete": ["GenericPayloadDtoLong"],
    }


def test_spring_kafka_has_two_groups_on_a_topic(tmp_path: Path) -> None:
    outcome = generate(find("spring_kafka"), tmp_path)
    assert outcome.exit_code == 0
    assert outcome.ids.keys() == {
        "indistinguishable-messages",
        "unchecked-keyword",
        "unsupported-binding",
        "unsupported-content",
    }
    for kind in ("text/xml", "application/yaml"):
        assert f"is {kind!r}, which is not decoded [unsupported-content]" in outcome.text
    assert "is 'application/avro' and has no schema of Avro" in outcome.text
    view = Package(find("spring_kafka"), tmp_path / "again", "service").view
    on_topic = [one for one in view.brokers[0].subscribers if one.sources[0].address == "multi-payload-topic"]
    assert {one.setting.default: list(one.sources[0].operations) for one in on_topic if one.setting} == {
        "service.multi-payload-topic": ["ExamplePayloadDto", "AnotherPayloadDto", "MonetaryAmount"],
        "foo-groupId": ["MonetaryAmount"],
    }
    payloads = (tmp_path / "service/contract/models.py").read_text(encoding="utf-8")
    assert "IntegerPayload: TypeAlias = int" in payloads
    assert "StringPayload: TypeAlias = str" in payloads
    assert view.events[0].event_name == "io.github.springwolf.examples.kafka.dtos.AnotherPayloadDto"


def test_spring_kafka_of_version_2_has_one_of(tmp_path: Path) -> None:
    outcome = generate(find("spring_kafka_2"), tmp_path)
    assert outcome.exit_code == 0
    found = subscribers(find("spring_kafka_2"), tmp_path / "again")
    assert groups(found) == {
        "another-topic": "example-group-id",
        "avro-topic": "service.avro-topic",
        "example-topic": "service.example-topic",
        "multi-payload-topic": "foo-groupId",
        "protobuf-topic": "service.protobuf-topic",
        "string-topic": "service.string-topic",
    }
    assert list(found["multi-payload-topic"].sources[0].operations) == [
        "MultiPayloadTopicAnotherPayloadDto",  # both names are those of messages in other channels, too
        "MultiPayloadTopicExamplePayloadDto",
        "MonetaryAmount",
    ]
    assert "multi-payload-topic" not in outcome.text.partition("[indistinguishable-messages]")[0].splitlines()[-1]


def test_spring_stream_is_served(tmp_path: Path) -> None:
    outcome = generate(find("spring_stream"), tmp_path)
    assert (outcome.exit_code, outcome.ids) == (0, {})
    found = subscribers(find("spring_stream"), tmp_path / "again")
    assert {address: list(one.sources[0].operations) for address, one in found.items()} == {
        "biconsumer-topic": ["AnotherPayloadDto"],
        "bifunction-topic": ["ExamplePayloadDto"],
        "consumer-class-topic": ["ExamplePayloadDto"],
        "consumer-topic": ["AnotherPayloadDto"],
        "example-topic": ["ExamplePayloadDto"],
        "google-pubsub-topic": ["GooglePubSubPayloadDto"],
    }


def test_spring_stream_of_version_2_writes_messages_twice(tmp_path: Path) -> None:
    outcome = generate(find("spring_stream_2"), tmp_path)
    assert (outcome.exit_code, outcome.ids) == (0, {})
    found = subscribers(find("spring_stream_2"), tmp_path / "again")
    assert {address: list(one.sources[0].operations) for address, one in found.items()} == {
        "another-topic": ["AnotherPayloadDto"],
        "example-topic": ["ExamplePayloadDto"],
    }


def test_orders_with_a_reply_receive_both_messages(tmp_path: Path) -> None:
    outcome = generate(find("orders_with_reply"), tmp_path)
    assert outcome.exit_code == 0
    assert outcome.ids == {}
    found = subscribers(find("orders_with_reply"), tmp_path / "again")
    assert {address: dict(one.sources[0].operations) for address, one in found.items()} == {
        "new-orders": {"OrderRequest": "createOrder"},
        "out-for-delivery-orders": {"DeliveryUpdate": "outForDelivery"},
    }
    diagnostics = Diagnostics()
    document = load([find("orders_with_reply")], diagnostics, cwd=corpus())
    contract = read(document, diagnostics) if document is not None else None
    assert contract is not None
    assert None in {message.content_type for operation in contract.operations for message in operation.messages}


def test_every_mistake_of_the_stable_surface_has_a_place(tmp_path: Path) -> None:
    outcome = generate(find("stable_surface"), tmp_path)
    assert outcome.exit_code == 1
    assert outcome.places == {
        "invalid-ref": ["11:11", "18:11", "25:13", "217:17"],  # both of `badRef`, a reply, the bindings of a trait
        "ref-cycle": ["13:11", "20:11", "39:13", "179:13"],  # a channel, an operation, a reply, a trait
        # operations that only have a reply: neither action nor channel
        "missing-field": [*2 * ["21:3"], *2 * ["23:3"], *2 * ["26:3"], *2 * ["30:3"], *2 * ["33:3"], "127:5", "176:7"],
        "wrong-type": ["22:12", "57:23", "94:11", "133:11", "216:11", "242:17"],  # a scalar reply, traits, bindings
        "unknown-field": ["50:11", "209:7"],
        "message-not-in-channel": ["126:19"],
    }
    for name in ("cycleChannel", "cycleOperation", "badReplyScalar", "emptyReply", "ReplyCycle", "not-a-trait"):
        assert name in "".join(outcome.errors)


def test_adeo_is_avro_and_its_remote_schema_is_left_alone(tmp_path: Path) -> None:
    outcome = generate(find("adeo"), tmp_path)
    assert outcome.exit_code == 1
    assert outcome.ids == {"nothing-to-generate": 1, "unsupported-content": 1}
    [error] = outcome.errors
    assert "'receiveACostingRequest' receives no message of a content type that can be decoded" in error


def test_product_service_has_no_operations(tmp_path: Path) -> None:
    outcome = generate(find("product_service"), tmp_path)
    assert outcome.exit_code == 1
    assert outcome.errors == ["37:1 nothing to generate: the document has no operations [nothing-to-generate]"]


def test_customer_profile_climbs_three_folders_and_is_avro(tmp_path: Path) -> None:
    outcome = generate(find("customer_profile"), tmp_path)
    assert outcome.exit_code == 0
    assert outcome.ids == {"unsupported-binding": 3}
    contract = tmp_path / "service" / "contract"
    assert "class EnrollLoyaltyMemberCommand(ContractModel" in (contract / "models.py").read_text(encoding="utf-8")
    assert '"name": "requestedAt", "type": {"type": "long"' in (contract / "avro.py").read_text(encoding="utf-8")


def test_no_document_is_a_bug(tmp_path: Path) -> None:
    """Every document there is, right or wrong, and AsyncAPI's own tests: generated, or told where they are wrong."""
    with (corpus() / "index.tsv").open(encoding="utf-8") as file:
        paths = [corpus() / "documents" / row["path"] for row in csv.DictReader(file, delimiter="\t")]
    for folder in (corpus() / "invalid", corpus() / "unsupported", corpus().parent / "tck"):
        paths += sorted(path for path in folder.rglob("*") if path.suffix in {".json", ".yaml", ".yml"})
    assert len(paths) > 1000
    codes: Counter[int] = Counter()
    wrong: list[str] = []
    for number, path in enumerate(paths):
        began = time.process_time()
        outcome = generate(path, tmp_path / str(number))
        codes[outcome.exit_code] += 1
        is_explained = bool(outcome.errors) == (outcome.exit_code == 1)
        if outcome.exit_code not in {0, 1} or not is_explained or time.process_time() - began > LONGEST:
            wrong.append(f"{path}: {outcome.exit_code} {outcome.text[-500:]}")
    assert wrong == []
    assert codes[0] > 50

"""What templates may see: plain values, every name already chosen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cqrs_gen.plan.payload_types import BUILTIN

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import PurePosixPath

    from cqrs_gen.plan.body_view import AvroView
    from cqrs_gen.plan.broker_views import BrokerView, ProtocolView
    from cqrs_gen.plan.deserializer_views import DeserializerView
    from cqrs_gen.plan.event_view import EventView
    from cqrs_gen.plan.sending_views import PublisherView
    from cqrs_gen.plan.server_views import ServersView
    from cqrs_gen.rendered import Ownership


@dataclass(frozen=True)
class SourceView:
    """A source as a subscriber knows it."""

    address: str
    deserializer: str
    operations: Mapping[str, str]
    """The class of each event to the key of the operation that receives it."""


@dataclass(frozen=True)
class SettingView:
    """A setting that exists because of the contract."""

    name: str
    annotation: str
    default: str | None
    description: str


@dataclass(frozen=True)
class SubscriberView:
    """One subscriber of a protocol's module."""

    name: str
    function: str
    description: str
    sources: tuple[SourceView, ...]
    setting: SettingView | None
    details: object


@dataclass(frozen=True)
class VariableView:
    """A variable of a server's address."""

    variable: str
    setting: SettingView


@dataclass(frozen=True)
class PackageView:
    """What every template of the package may see."""

    package: str
    title: str
    document: str
    """How the output calls the document: its file name."""
    prefix: str
    """Of the environment variables."""
    events: tuple[EventView, ...]
    """Those made from messages of the contract."""
    tombstone: EventView | None
    """That of records without a value, where they are handled."""
    deserializers: tuple[DeserializerView, ...]
    brokers: tuple[BrokerView, ...]
    """Those of one protocol together."""
    broker_settings: tuple[SettingView, ...]
    """Those that all brokers of a protocol share."""
    servers: tuple[ServersView, ...]
    variables: tuple[VariableView, ...]
    requirements: tuple[str, ...]

    @property
    def protocols(self) -> tuple[ProtocolView, ...]:
        """The protocols of the brokers."""
        return tuple(dict.fromkeys(broker.protocol for broker in self.brokers))

    @property
    def handled(self) -> tuple[EventView, ...]:
        """All events that have a handler."""
        return self.events if self.tombstone is None else (*self.events, self.tombstone)

    @property
    def settings(self) -> tuple[SettingView, ...]:
        """The settings of all brokers, subscribers and publishers."""
        subscribers = [subscriber for broker in self.brokers for subscriber in broker.subscribers]
        own = [subscriber.setting for subscriber in subscribers if subscriber.setting is not None]
        ids = [one.body.id_setting for one in self.publishers if one.body.id_setting is not None]
        return (*self.broker_settings, *own, *ids)

    @property
    def publishers(self) -> tuple[PublisherView, ...]:
        """All publishers."""
        return tuple(publisher for broker in self.brokers for publisher in broker.publishers)

    @property
    def sending_protocols(self) -> tuple[ProtocolView, ...]:
        """The protocols that publishers send over."""
        return tuple(dict.fromkeys(broker.protocol for broker in self.brokers if broker.publishers))

    @property
    def replying_protocols(self) -> tuple[ProtocolView, ...]:
        """The protocols that replies are sent over."""
        keys = {reply.protocol for reply in self.replies}
        return tuple(protocol for protocol in self.protocols if protocol.key in keys)

    @property
    def requests(self) -> tuple[EventView, ...]:
        """The events that get a reply."""
        return tuple(event for event in self.events if event.reply is not None)

    @property
    def receives(self) -> bool:
        """Whether anything is received; else the package only sends."""
        return bool(self.events)

    @property
    def sends_models(self) -> bool:
        """Whether the payload of anything that is sent is described."""
        return any(one.payload not in BUILTIN or "models." in one.around for one in self.publishers)

    @property
    def argument_annotations(self) -> str:
        """All annotations of arguments of publishers, for what has to be imported."""
        return " ".join(argument.annotation for publisher in self.publishers for argument in publisher.arguments)

    @property
    def has_models(self) -> bool:
        """Whether any payload is described."""
        bodies = [body for deserializer in self.deserializers for body in deserializer.bodies]
        return any(body.payload not in BUILTIN for body in bodies)

    @property
    def has_model_events(self) -> bool:
        """Whether anything of any event is described."""
        return any(event.payload not in BUILTIN or event.headers or event.key for event in self.events)

    @property
    def contents(self) -> tuple[str, ...]:
        """The modules of `runtime/contents` that anything is read with."""
        used = {content for deserializer in self.deserializers for content in deserializer.contents}
        return tuple(sorted(used | {"decoding"})) if used else ()

    @property
    def replies(self) -> tuple[PublisherView, ...]:
        """All that sends replies."""
        answers = [answer for event in self.requests if event.reply for answer in event.reply.answers]
        return tuple(sender for answer in answers for sender in (answer.direct, answer.fixed) if sender is not None)

    @property
    def published_contents(self) -> tuple[str, ...]:
        """The modules of `runtime/contents` that publishers write with."""
        return _contents(self.publishers)

    @property
    def replied_contents(self) -> tuple[str, ...]:
        """The modules of `runtime/contents` that replies are written with."""
        return _contents(self.replies)

    @property
    def replies_models(self) -> bool:
        """Whether the payload of any reply is described."""
        return any(reply.payload not in BUILTIN for reply in self.replies)

    @property
    def sent_around(self) -> tuple[str, ...]:
        """What checks headers and keys of what is sent."""
        spelt = " ".join(publisher.around for publisher in self.publishers)
        return tuple(reader for reader in ("Headers", "Key") if f"{reader}(" in spelt)

    @property
    def has_plain(self) -> bool:
        """Whether any deserializer reads plain JSON only."""
        return any(not deserializer.contents for deserializer in self.deserializers)

    @property
    def avro(self) -> tuple[AvroView, ...]:
        """The Avro schemas of all messages, in the order of their constants."""
        read = [body for deserializer in self.deserializers for body in deserializer.bodies]
        sent = [sender.body for sender in (*self.publishers, *self.replies)]
        found = {body.avro.constant: body.avro for body in (*read, *sent) if body.avro is not None}
        return tuple(found[constant] for constant in sorted(found))

    @property
    def expressions(self) -> tuple[str, ...]:
        """The classes of the runtime that deserializers read correlation ids and addresses for replies with."""
        messages = [message for deserializer in self.deserializers for message in deserializer.messages]
        used = [one for message in messages for one in (message.correlation, message.reply_to) if one is not None]
        return tuple(sorted({one.function for one in used}))

    @property
    def annotations(self) -> str:
        """All annotations of settings, for what has to be imported."""
        own = [setting.annotation for setting in self.settings]
        return " ".join([*own, *(variable.setting.annotation for variable in self.variables)])

    @property
    def has_server_choice(self) -> bool:
        """Whether the service can be told which server to use, or what stands for a variable in its address."""
        return any(not servers.is_plain for servers in self.servers)

    @property
    def further_brokers(self) -> tuple[BrokerView, ...]:
        """The brokers that are not the first of their protocol."""
        return tuple(broker for broker in self.brokers if not broker.is_first)

    @property
    def secured_servers(self) -> tuple[ServersView, ...]:
        """Those of the brokers with a server that asks for something."""
        return tuple(servers for servers in self.servers if servers.security_settings)

    @property
    def secret_annotations(self) -> str:
        """All annotations of settings for security, for what has to be imported."""
        return " ".join(setting.annotation for servers in self.servers for setting in servers.security_settings)

    @property
    def chosen_servers(self) -> tuple[ServersView, ...]:
        """Those of the brokers whose address is chosen from the contract's servers when the service starts."""
        return tuple(servers for servers in self.servers if servers.servers and self.has_server_choice)


@dataclass(frozen=True)
class PlannedFile:
    """A file of the package: where it goes, what it is made from, whose it is then."""

    path: PurePosixPath
    template: str
    view: object
    ownership: Ownership


def _contents(senders: Sequence[PublisherView]) -> tuple[str, ...]:
    return tuple(sorted({content for sender in senders for content in sender.body.contents}))

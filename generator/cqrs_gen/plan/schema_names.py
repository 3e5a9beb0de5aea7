"""The Python name of every payload, and of every object and enumeration below it.

A name comes from where a schema is written, never from who asks for it or in which order, so that another message
renames nothing:

- a schema in `components/schemas`, `definitions` or `$defs` is called after its key (after its title, when the key is
  dotted and the title one word), a file that is a schema after the file;
- the schema written inside a message is called `<Message>Payload`;
- a schema inside another is called after that one (inside a payload, after the message) and the properties on the way,
  with `Item` for the elements of an array, `Value` for the members of a map, a title or `Option1` in a union;
- a record, an enumeration or a fixed of Avro is called after its name, with its namespace where that is needed;
- where two schemas would have one name, the name of the file goes in front of both, and where that does not tell them
  apart, both are called by their whole pointer;
- `x-python-name` pins a name, which is never changed: to collide with it is an error.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from cqrs_gen.contract.schemas.avro.names import FULL_NAME
from cqrs_gen.contract.schemas.read_values import ValuesReader
from cqrs_gen.contract.schemas.values import ArrayValues, ChosenValues, MapValues, ObjectValues, UnionValues
from cqrs_gen.plan.names import resolve_names
from cqrs_gen.plan.schema_places import PINNED, pinned_name, wanted_names
from cqrs_gen.rules import INVALID_NAME, NAME_COLLISION

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cqrs_gen.contract.model import Message
    from cqrs_gen.contract.schemas.values import Values
    from cqrs_gen.diagnostics import Diagnostics
    from cqrs_gen.document.load import Document
    from cqrs_gen.document.node import Node

    _Key = tuple[str, str]
    """A class or an alias, and the id of its schema."""

ALIASES: Final = "PayloadAliases"
"""What the payloads that are no classes are members of, where the model generator sees them."""

_TAKEN: Final = (
    *("Annotated", "Any", "AwareDatetime", "BaseModel", "ConfigDict", "ContractModel", "Decimal", "Dict", "Enum"),
    *("Field", "IntEnum", "List", "Literal", "NonNull", "Optional", "RootModel", "StrEnum", "TypeAlias", "UUID"),
    *("Union", ALIASES),
)
"""What models.py imports, and what the model generator may."""


@dataclass(frozen=True)
class PayloadToName:
    """A message whose payload will have a name, and the name of its event, which an inline payload is called after."""

    message: Message
    stem: str


@dataclass(frozen=True)
class SchemaNames:
    """The names that models.py has."""

    classes: Mapping[str, str]
    """The class of each object and enumeration, by the id of its schema."""
    aliases: Mapping[str, str]
    """The type alias of each payload that is something else, by the id of its schema."""
    payload_names: Mapping[str, str]
    """What stands for a message's payload, by the id of the message; nothing for a message without a payload."""


def is_class(values: Values) -> bool:
    """Whether Python has a class for these values: objects with known properties, and enumerations of texts."""
    return isinstance(values, ObjectValues) or (isinstance(values, ChosenValues) and values.is_enumeration)


def name_schemas(document: Document, payloads: Sequence[PayloadToName], diagnostics: Diagnostics) -> SchemaNames:
    """Name every payload and everything below it.

    Reports names that are invalid or collide, and references that lead nowhere; then the names are of no use.
    """
    found = _Found(document, diagnostics)
    found.add(payloads)
    stems = {
        payload.message.payload.id: payload.stem
        for payload in payloads
        if payload.message.payload is not None and _is_inside(payload.message.payload)
    }
    wanted = {("class", id_): wanted_names(node, stems) for id_, node in found.classes.items()}
    for id_, node in found.aliases.items():
        # Beside a class of the same schema: what else the payload may be is null, or no object.
        prefix = "Maybe" if id_ in found.classes or id_ in found.nullable else ""
        wanted["alias", id_] = [prefix + name for name in wanted_names(node, stems)]

    nodes = {key: (found.classes if key[0] == "class" else found.aliases)[key[1]] for key in wanted}
    names, collisions = resolve_names(wanted, taken=_TAKEN)
    for node in nodes.values():
        _check_pin(node, document, diagnostics)
    for first, second in [*collisions, *_collisions_with_pins(wanted, nodes)]:
        document.report(
            diagnostics,
            NAME_COLLISION,
            nodes[second].get(PINNED) or nodes[second],
            f"this schema would be the same class {wanted[second][0]!r} as {_called(nodes[first])!r}",
            hint=f"pin another name with {PINNED}",
        )
    return SchemaNames(
        classes={id_: names["class", id_] for id_ in found.classes},
        aliases={id_: names["alias", id_] for id_ in found.aliases},
        payload_names={message: names[key] for message, key in found.payloads.items()},
    )


def _called(schema: Node) -> str:
    """Say which schema it is: where it stands, for Avro its name."""
    avro = schema.get(FULL_NAME)
    return str(avro.value) if avro is not None else schema.pointer or "its file"


def _is_inside(payload: Node) -> bool:
    """Whether a payload is written inside its message: no reference, and no file of its own."""
    return payload.get("$ref") is None and payload.pointer != ""


class _Found:
    """What needs a name: schemas by their ids, in the order in which the payloads lead to them."""

    def __init__(self, document: Document, diagnostics: Diagnostics) -> None:
        self._document = document
        self._diagnostics = diagnostics
        self._reader = ValuesReader(document, diagnostics)
        self.classes: dict[str, Node] = {}
        self.aliases: dict[str, Node] = {}
        self.nullable: set[str] = set()
        """Aliases for a class or null."""
        self.payloads: dict[str, tuple[str, str]] = {}
        """What each message's payload is, by the id of the message."""

    def add(self, payloads: Sequence[PayloadToName]) -> None:
        """Go through the payloads and all below them."""
        for payload in payloads:
            node = payload.message.payload
            schema = self._document.resolve(node, self._diagnostics) if node is not None else None
            if schema is None:
                continue
            values = self._reader.read(schema)
            self._add_below(values)
            if is_class(values) and not values.nullable:
                self.payloads[payload.message.id] = ("class", values.node.id)
            else:
                self.payloads[payload.message.id] = ("alias", schema.id)
                self.aliases[schema.id] = schema
                self.nullable |= {schema.id} if is_class(values) else set()

    def _add_below(self, top: Values) -> None:
        waiting = [top]
        seen: set[tuple[str, type[Values]]] = set()
        while waiting:
            values = waiting.pop()
            key = (values.node.id, type(values))
            if key in seen or values.node.id in self.classes:
                continue
            seen.add(key)
            if is_class(values):
                self.classes[values.node.id] = values.node
            waiting += reversed(self._below(values))

    def _below(self, values: Values) -> list[Values]:
        match values:
            case UnionValues():
                return list(values.branches)
            case ObjectValues():
                nodes = [*values.properties.values(), values.others]
            case ArrayValues():
                nodes = [values.items]
            case MapValues():
                nodes = [values.members]
            case _:
                nodes = []
        return [self._reader.read(node) for node in nodes if node is not None]


def _check_pin(node: Node, document: Document, diagnostics: Diagnostics) -> None:
    pin = node.get(PINNED)
    if pin is None:
        return
    if pinned_name(node) is None:
        document.report(
            diagnostics,
            INVALID_NAME,
            pin,
            f"{pin.value!r} cannot be a class in Python",
            hint="a class name starts with a capital, has letters, digits and '_', and is no keyword and no builtin",
        )
    elif pin.value in _TAKEN:
        message = f"{pin.value!r} is the name of something else in models.py"
        document.report(diagnostics, NAME_COLLISION, pin, message, hint="choose another name")


def _collisions_with_pins(wanted: Mapping[_Key, Sequence[str]], nodes: Mapping[_Key, Node]) -> list[tuple[_Key, _Key]]:
    """Give each schema that would be called what another one pins, which it then could not be; and that other one."""
    pinned = {names[0].lower(): key for key, names in wanted.items() if pinned_name(nodes[key]) is not None}
    return [
        (key, pin)
        for key, names in wanted.items()
        if (pin := pinned.get(names[0].lower(), key)) != key and pinned_name(nodes[key]) is None
    ]

"""The Python name of every payload, every key, every model of headers, and of every object and enumeration below.

A name comes from where a schema is written, never from who asks for it or in which order, so that another message
renames nothing:

- a schema in `components/schemas`, `definitions` or `$defs` is called after its key (after its title, when the key is
  dotted and the title one word), a file that is a schema after the file;
- a schema written inside a message is called `<Message>Payload`, `<Message>Headers` or `<Message>Key`, one in a trait
  or a component after that;
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
from cqrs_gen.plan.schema_places import PINNED, Stem, pinned_name, wanted_names
from cqrs_gen.rules import INVALID_NAME, NAME_COLLISION

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

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
class SchemaToName:
    """A schema of a message that will have a name, and what it is called after if it is written there."""

    node: Node
    """The schema, or a reference to it."""
    stem: Stem | None
    """None where it is called after its own place."""


@dataclass(frozen=True)
class SchemaNames:
    """The names that models.py has."""

    classes: Mapping[str, str]
    """The class of each object and enumeration, by the id of its schema."""
    aliases: Mapping[str, str]
    """The type alias of each schema of a message that is something else, by the id of its schema."""
    names: Mapping[str, str]
    """What stands for each schema that was to be named, by the id of its node."""


def is_class(values: Values) -> bool:
    """Whether Python has a class for these values: objects with known properties, and enumerations of texts."""
    return isinstance(values, ObjectValues) or (isinstance(values, ChosenValues) and values.is_enumeration)


def name_schemas(document: Document, schemas: Sequence[SchemaToName], diagnostics: Diagnostics) -> SchemaNames:
    """Name every schema and everything below it.

    Reports names that are invalid or collide, and references that lead nowhere; then the names are of no use.
    """
    found = _Found(document, diagnostics)
    found.add(schemas)
    stems = {schema.node.id: schema.stem for schema in schemas if schema.stem is not None and _is_inside(schema.node)}
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
        names={id_: names[key] for id_, key in found.named.items()},
    )


def _called(schema: Node) -> str:
    """Say which schema it is: where it stands, for Avro its name."""
    avro = schema.get(FULL_NAME)
    return str(avro.value) if avro is not None else schema.pointer or "its file"


def _is_inside(schema: Node) -> bool:
    """Whether a schema is written where it is asked for: no reference, and no file of its own."""
    return schema.get("$ref") is None and schema.pointer != ""


class _Found:
    """What needs a name: schemas by their ids, in the order in which those of the messages lead to them."""

    def __init__(self, document: Document, diagnostics: Diagnostics) -> None:
        self._document = document
        self._diagnostics = diagnostics
        self._reader = ValuesReader(document, diagnostics)
        self.classes: dict[str, Node] = {}
        self.aliases: dict[str, Node] = {}
        self.nullable: set[str] = set()
        """Aliases for a class or null."""
        self.named: dict[str, tuple[str, str]] = {}
        """What each schema to be named is, by the id of its node."""

    def add(self, schemas: Sequence[SchemaToName]) -> None:
        """Go through the schemas and all below them."""
        for asked in schemas:
            schema = self._document.resolve(asked.node, self._diagnostics)
            if schema is None:
                continue
            values = self._reader.read(schema)
            self._add_below(values)
            if is_class(values) and not values.nullable:
                self.named[asked.node.id] = ("class", values.node.id)
            else:
                self.named[asked.node.id] = ("alias", schema.id)
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

"""Following references: where they lead, and where it is said that they lead nowhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cqrs_gen.rules import WRONG_TYPE

if TYPE_CHECKING:
    from .conftest import Workspace


def test_a_node_that_is_no_reference_is_given_as_it_is(workspace: Workspace) -> None:
    workspace.write(orders="a: {b: 1}\nc: [2]\nd: text\n")
    document = workspace.load()
    for node in (document.root, *(node for _, node in document.root.members())):
        assert document.resolve(node, workspace.diagnostics) is node


@pytest.mark.parametrize(
    ("reference", "pointer"),
    [
        ("#/components/schemas/Order", "/components/schemas/Order"),
        ("orders.yaml#/components/schemas/Order", "/components/schemas/Order"),
        ("./orders.yaml#/components/schemas/Order", "/components/schemas/Order"),
        ("#/components/schemas/Chain", "/components/schemas/Order"),
        ("#/components/schemas/Chain/properties/id", "/components/schemas/Order/properties/id"),
        ("#/components/schemas/Chain/properties/parts/items/0", "/components/schemas/Order/properties/parts/items/0"),
        ("#/components/schemas/Order/properties/through/text", "/components/schemas/Text/text"),
        ("#/components/schemas/Siblings/title", "/components/schemas/Siblings/title"),
        ("#/components/schemas/Named/%24ref", "/components/schemas/Named/$ref"),
        ("#/components/schemas/Generic%5BOrder%5D", "/components/schemas/Generic[Order]"),
        ("#/components/schemas/%C3%A4~1b~0c~01", "/components/schemas/ä~1b~0c~01"),
        ("#/components/schemas/", "/components/schemas/"),
        ("#", ""),
        ("#/components/schemas/null", "/components/schemas/null"),
        ("#/again/there", "/target/there"),
    ],
)
def test_a_reference_leads_to_its_value(workspace: Workspace, reference: str, pointer: str) -> None:
    workspace.write(
        orders=f"""
reference: {{$ref: '{reference}'}}
components:
  schemas:
    Order: {{properties: {{id: 1, parts: {{items: [2]}}, through: {{$ref: '#/components/schemas/Text'}}}}}}
    Chain: {{$ref: '#/components/schemas/Link'}}
    Link: {{$ref: '#/components/schemas/Order'}}
    Text: {{text: 3}}
    Siblings: {{$ref: '#/components/schemas/Text', title: 4}}
    Named: {{$ref: {{type: string}}}}
    'Generic[Order]': 5
    'ä/b~c~1': 6
    '': 7
    'null': null
again: {{$ref: '#/target'}}
target: {{pass: {{$ref: '#/again/there'}}, there: 8}}
"""
    )
    workspace.load()
    target = workspace.resolve("/reference")
    assert target is not None, workspace.found
    assert target.id == f"orders.yaml#{pointer}"
    assert workspace.found == []


def test_a_pointer_may_pass_through_one_reference_twice(workspace: Workspace) -> None:
    workspace.write(orders="a: {$ref: '#/r/x'}\nr: {$ref: '#/t'}\nt: {x: {$ref: '#/r/y'}, y: 1}\n")
    workspace.load()
    target = workspace.resolve("/a")
    assert target is not None
    assert target.pointer == "/t/y"


def test_files_refer_from_where_they_are_and_are_read_once(workspace: Workspace) -> None:
    workspace.write(
        orders=(
            "a: {$ref: 'messages/order.yaml#/Order'}\n"
            "b: {$ref: 'common%20types.yaml#/Id'}\n"
            "c: {$ref: messages/order.yaml}\n"
        ),
        messages__order="Order: {$ref: '../common types.yaml#/Order'}\nback: {$ref: '../orders.yaml#/d'}\n",
    )
    workspace.write(**{"common types": "Order: {id: {$ref: '#/Id'}}\nId: {type: string}\n"})
    document = workspace.load()
    ids = [target.id if (target := workspace.resolve(pointer)) else None for pointer in ("/a", "/b", "/c")]
    assert ids == ["common types.yaml#/Order", "common types.yaml#/Id", "messages/order.yaml#"]
    assert [file.label for file in document.files] == ["orders.yaml", "messages/order.yaml", "common types.yaml"]
    assert [file.source for file in document.parsed_files] == list(document.files)


def test_two_ways_to_a_value_give_one_id(workspace: Workspace) -> None:
    workspace.write(orders="a: {$ref: 'one/../one/./x.yaml#/v'}\nb: {$ref: 'link.yaml#/v'}\n", one__x="v: {}")
    (workspace.folder / "link.yaml").symlink_to("one/x.yaml")
    document = workspace.load()
    one, other = workspace.resolve("/a"), workspace.resolve("/b")
    assert one is not None
    assert other is not None
    assert one.id == other.id == "one/x.yaml#/v"
    assert len(document.files) == 2


def test_nothing_is_read_before_it_is_needed(workspace: Workspace) -> None:
    workspace.write(orders="a: {$ref: none.yaml}\nb: 1\n")
    document = workspace.load()
    assert workspace.resolve("/b") is not None
    assert workspace.found == []
    assert len(document.files) == 1


@pytest.mark.parametrize(
    ("reference", "found"),
    [
        ("true", "invalid-ref: '$ref' must be a string"),
        ("{a: 1}", "invalid-ref: '$ref' must be a string"),
        ("'#Order'", "invalid-ref: 'Order' in '#Order' is not a JSON Pointer (it starts with '#/')"),
        ("'# /a'", "invalid-ref: ' /a' in '# /a' is not a JSON Pointer (it starts with '#/')"),
        ("'#/%ff'", "invalid-ref: what '%' encodes in '#/%ff' is not UTF-8"),
        (
            "'#/x'",
            "unresolved-ref: '#/x' leads to nothing: the root has no 'x' (there is 'components', 'list', 'a', 'b')",
        ),
        (
            "'#/components/Ordr'",
            "unresolved-ref: '#/components/Ordr' leads to nothing: '/components' has no 'Ordr' (did you mean 'Order'?)",
        ),
        ("'#/list/2'", "unresolved-ref: '#/list/2' leads to nothing: '/list' has no '2'"),
        ("'#/list/01'", "unresolved-ref: '#/list/01' leads to nothing: '/list' has no '01'"),
        ("'#/list/-'", "unresolved-ref: '#/list/-' leads to nothing: '/list' has no '-'"),
        ("'#/list/0/x'", "unresolved-ref: '#/list/0/x' leads to nothing: '/list/0' has no 'x'"),
        (
            "'specs/other.yaml#/components/Ordre'",
            (
                "unresolved-ref: 'specs/other.yaml#/components/Ordre' leads to nothing: "
                "'/components' of specs/other.yaml has no 'Ordre' (did you mean 'Order'?)"
            ),
        ),
        (
            "none.yaml#/x",
            "unresolved-ref: 'none.yaml#/x' leads to nothing: cannot read none.yaml: No such file or directory",
        ),
        ("specs", "unresolved-ref: 'specs' leads to nothing: cannot read specs: it is not a file"),
        (
            "components/Order",
            (
                "unresolved-ref: 'components/Order' leads to nothing: "
                "cannot read components/Order: No such file or directory (in the same file it is '#/components/Order')"
            ),
        ),
        (
            "'a%00b'",
            "unresolved-ref: 'a%00b' leads to nothing: cannot read a\0b: it cannot be the path of a file",
        ),
        *(
            (
                f"'{reference}'",
                (
                    f"remote-ref: {reference!r} is a URL or an absolute path, which is not read "
                    "(keep a copy in a file beside the document, and refer to that)"
                ),
            )
            for reference in (
                "http://example.com/a.yaml#/x",
                "https://example.com/a.yaml",
                "HTTPS://example.com",
                "//example.com/a.yaml",
                "/etc/passwd",
                "file:///etc/passwd",
                "file:other.yaml",
                "C:\\orders.yaml",
                "\\orders.yaml",
                "urn:example:order",
            )
        ),
    ],
)
def test_what_is_wrong_is_said_at_the_reference(workspace: Workspace, reference: str, found: str) -> None:
    workspace.write(
        orders=f"components: {{Order: 1}}\nlist: [0, 1]\na:\n  $ref: {reference}\nb: {{$ref: '#/a'}}\n",
        specs__other="components: {Order: 1}\n",
    )
    workspace.load()
    assert workspace.resolve("/a") is None
    assert workspace.resolve("/b") is None
    assert workspace.found == [f"orders.yaml:4:9 {found}"]


def test_a_mistake_in_another_file_is_said_there_with_the_way(workspace: Workspace) -> None:
    workspace.write(
        orders="a: {$ref: 'one.yaml#/a'}\n", one="a:\n  $ref: 'deep/two.yaml#/b/c'\n", deep__two="b: {$ref: '#/none'}\n"
    )
    workspace.load()
    assert workspace.resolve("/a") is None
    assert workspace.found == [
        "deep/two.yaml:1:11 unresolved-ref: '#/none' leads to nothing: the root has no 'none' (there is 'b')"
    ]
    (found,) = workspace.diagnostics.sorted()
    assert [str(place) for place in found.chain] == ["orders.yaml:1:11", "one.yaml:2:9"]
    assert found.source_line == "b: {$ref: '#/none'}"


def test_a_file_with_mistakes_is_reported_once_and_only_there(workspace: Workspace) -> None:
    workspace.write(orders="a: {$ref: 'one.yaml#/a'}\nb: {$ref: 'one.yaml#/b'}\n", one="a: 1\na: 2\n")
    document = workspace.load()
    assert workspace.resolve("/a") is None
    assert workspace.resolve("/b") is None
    message = "the key 'a' stands twice in one mapping (it is already on line 1)"
    assert workspace.found == [f"one.yaml:2:1 duplicate-key: {message}"]
    assert [file.label for file in document.files] == ["orders.yaml"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a: {$ref: '#/a'}\n", "1:11 ref-cycle: '#/a' leads back to itself"),
        (
            "a: {$ref: '#/b'}\nb: {$ref: '#/c'}\nc: {$ref: '#/b'}\n",
            "2:11 ref-cycle: '#/c' leads back to itself (by way of '#/b')",
        ),
        (
            "a: {$ref: '#/b/x'}\nb: {$ref: '#/c'}\nc: {x: {$ref: '#/b/x'}}\n",
            "2:11 ref-cycle: '#/c' leads back to itself (by way of '#/b/x')",
        ),
        ("a: {$ref: '#/a/b'}\n", "1:11 ref-cycle: '#/a/b' leads through more than 1000 references"),
        (
            f"a: {{$ref: '#/a{'/b' * 5000}'}}\n",
            f"1:11 ref-cycle: '#/a{'/b' * 5000}' leads through more than 1000 references",
        ),
    ],
    ids=["itself", "two", "through", "growing", "growing fast"],
)
def test_a_cycle_is_said_once_wherever_it_is_entered(workspace: Workspace, text: str, found: str) -> None:
    workspace.write(orders=text)
    document = workspace.load()
    for _, node in document.root.members():
        document.resolve(node, workspace.diagnostics)
    assert workspace.found == [f"orders.yaml:{found}"]


def test_a_long_way_is_no_cycle(workspace: Workspace) -> None:
    workspace.write(orders="".join(f"a{level}: {{$ref: '#/a{level + 1}'}}\n" for level in range(900)) + "a900: 1\n")
    workspace.load()
    target = workspace.resolve("/a0")
    assert target is not None
    assert target.pointer == "/a900"


def test_references_stay_in_the_repository(workspace: Workspace) -> None:
    workspace.write(
        repository__specs__orders=(
            "a: {$ref: '../common.yaml'}\nb: {$ref: '../../private.yaml'}\nc: {$ref: '../../none.yaml'}\n"
            "d: {$ref: 'link.yaml'}\ne: {$ref: 'linked/private.yaml'}\n"
        ),
        repository__common="1",
        private="2",
    )
    repository = workspace.folder / "repository"
    (repository / ".git").mkdir()
    (repository / "specs" / "link.yaml").symlink_to(workspace.folder / "private.yaml")
    (repository / "specs" / "linked").symlink_to(workspace.folder, target_is_directory=True)
    document = workspace.load("specs/orders.yaml", cwd=repository)
    assert workspace.resolve("/a") is not None
    for pointer in ("/b", "/c", "/d", "/e"):
        assert workspace.resolve(pointer) is None
    hint = "(keep a copy in the repository)"
    assert workspace.found == [
        f"specs/orders.yaml:{line}:11 outside-ref: {reference!r} leads out of the repository of the document {hint}"
        for line, reference in enumerate(
            ["../../private.yaml", "../../none.yaml", "link.yaml", "linked/private.yaml"], start=2
        )
    ]
    assert [file.label for file in document.files] == ["orders.yaml", "../common.yaml"]


def test_a_worktree_is_a_repository_too(workspace: Workspace) -> None:
    workspace.write(tree__orders="a: {$ref: '../other.yaml'}\n", other="1")
    (workspace.folder / "tree" / ".git").write_text("gitdir: elsewhere\n")
    workspace.load("tree/orders.yaml")
    assert workspace.resolve("/a") is None
    assert [found.rule.id for found in workspace.diagnostics.sorted()] == ["outside-ref"]


def test_without_a_repository_references_may_climb(workspace: Workspace) -> None:
    workspace.write(specs__deep__orders="a: {$ref: '../../other.yaml'}\n", other="1")
    workspace.load("specs/deep/orders.yaml")
    if any((parent / ".git").exists() for parent in workspace.folder.parents):
        pytest.skip("the folder for temporary files is in a repository")
    target = workspace.resolve("/a")
    assert target is not None
    assert target.id == "../../other.yaml#"


def test_what_is_found_in_a_referenced_value_has_the_way_there(workspace: Workspace) -> None:
    workspace.write(
        orders="a:\n  $ref: '#/b'\nb: {$ref: 'one.yaml#/x'}\nc: {$ref: 'one.yaml#/x'}\n", one="x: {y: {z: 1}}\n"
    )
    document = workspace.load()
    target = workspace.resolve("/a")
    assert target is not None
    workspace.resolve("/c")
    document.report(workspace.diagnostics, WRONG_TYPE, target.child("y").child("z"), "wrong")
    (found,) = workspace.diagnostics.sorted()
    assert str(found.location) == "one.yaml:1:12"
    assert [str(place) for place in found.chain] == ["orders.yaml:2:9", "orders.yaml:3:11"]


def test_what_contains_itself_has_no_endless_way(workspace: Workspace) -> None:
    workspace.write(
        orders=(
            "start: {$ref: '#/A'}\n"
            "A: {self: {$ref: '#/A'}, b: {$ref: '#/B'}}\n"
            "B: {a: {$ref: '#/A'}, all: {$ref: '#'}}\n"
        )
    )
    document = workspace.load()
    for pointer in ("/A/self", "/A/b", "/B/a", "/B/all", "/start"):
        assert workspace.resolve(pointer) is not None
    document.report(workspace.diagnostics, WRONG_TYPE, workspace.at("/A/self"), "in A")
    document.report(workspace.diagnostics, WRONG_TYPE, workspace.at("/B/a"), "in B")
    chains = {found.message: [str(place) for place in found.chain] for found in workspace.diagnostics.sorted()}
    assert chains == {"in A": ["orders.yaml:1:15"], "in B": ["orders.yaml:1:15", "orders.yaml:2:36"]}


def test_a_file_that_is_not_there_is_known(workspace: Workspace) -> None:
    workspace.write(orders="a: {$ref: parts/order.avsc}\nb: {$ref: 'https://example.org/order.avsc'}\n")
    document = workspace.load()
    for _, node in document.root.members():
        assert document.resolve(node, workspace.diagnostics) is None
    assert document.missing_files == ("parts/order.avsc",)

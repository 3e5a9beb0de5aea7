"""What of a contract is served, over which protocol, and what is said about the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.unit.planning import HEAD2, Planned, plan_text

if TYPE_CHECKING:
    from pathlib import Path

_SERVERS = {
    "kafka": "k: {host: 'kafka:9092', protocol: kafka}",
    "amqp": "r: {host: 'rabbit:5672', protocol: amqp}",
    "ws": "w: {host: 'web', protocol: ws}",
}


def document(
    *servers: str,
    channel: str = "",
    message: str = "payload: {type: object}",
    operation: str = "action: receive, channel: {$ref: '#/channels/orders'}",
) -> str:
    """Write a contract with one channel and one operation."""
    lines = [f"  {_SERVERS.get(server, server)}\n" for server in servers]
    return (
        ("servers:\n" + "".join(lines) if servers else "")
        + f"channels:\n  orders: {{address: orders, {channel}messages: {{Placed: {{{message}}}}}}}\n"
        + f"operations:\n  receiveOrders: {{{operation}}}\n"
    )


def protocols(planned: Planned) -> list[str]:
    return [protocol.key for protocol in planned.plan.view.protocols]


def rules(planned: Planned) -> list[str]:
    return [each.partition(" ")[2] for each in planned.found]


class TestProtocol:
    """That of the channel's servers, else of its bindings, else of all servers."""

    @pytest.mark.parametrize(
        ("servers", "channel", "expected"),
        [
            (("kafka",), "", ["kafka"]),
            (("amqp",), "", ["rabbit"]),
            (("amqp", "kafka"), "", ["kafka", "rabbit"]),
            (("kafka", "amqp"), "servers: [{$ref: '#/servers/r'}], ", ["rabbit"]),
            (("kafka", "amqp"), "servers: [{$ref: '#/servers/r'}], bindings: {kafka: {}}, ", ["rabbit"]),
            (("kafka", "amqp"), "bindings: {amqp: {}}, ", ["rabbit"]),
            ((), "bindings: {kafka: {}, amqp: {}}, ", ["kafka", "rabbit"]),
            (("ws", "kafka"), "", ["kafka"]),
            (("s: {host: h, protocol: kafka-secure}",), "", ["kafka"]),
            (("s: {host: h, protocol: amqps}",), "", ["rabbit"]),
        ],
    )
    def test_is_decided(self, tmp_path: Path, servers: tuple[str, ...], channel: str, expected: list[str]) -> None:
        assert protocols(plan_text(tmp_path, document(*servers, channel=channel))) == expected

    def test_of_an_operation_may_be_in_its_bindings(self, tmp_path: Path) -> None:
        operation = "action: receive, channel: {$ref: '#/channels/orders'}, bindings: {kafka: {groupId: {const: g}}}"
        assert protocols(plan_text(tmp_path, document(operation=operation))) == ["kafka"]

    def test_may_be_asked_for(self, tmp_path: Path) -> None:
        planned = plan_text(tmp_path, document("kafka", "amqp"), protocols=["rabbit"])
        assert (protocols(planned), planned.found) == (["rabbit"], [])

    def test_is_said_to_be_missing(self, tmp_path: Path) -> None:
        planned = plan_text(tmp_path, document())
        assert planned.found == ["4:11 no-protocol", "5:1 nothing-to-generate"]
        assert protocols(plan_text(tmp_path, document(), protocols=["kafka"])) == ["kafka"]

    def test_that_is_not_generated_is_said(self, tmp_path: Path) -> None:
        planned = plan_text(tmp_path, document("ws"))
        assert sorted(rules(planned)) == ["nothing-to-generate", "unsupported-protocol"]
        assert "operation 'receiveOrders' is on ws" in planned.text("nothing-to-generate")

    def test_that_was_not_asked_for_is_said(self, tmp_path: Path) -> None:
        planned = plan_text(tmp_path, document("kafka"), protocols=["rabbit"])
        assert rules(planned) == ["nothing-to-generate"]
        assert "is on Kafka, which was not asked for" in planned.text("nothing-to-generate")


class TestNothing:
    """Where no operation remains, the reasons are listed."""

    def test_at_all_says_so_at_the_operations(self, tmp_path: Path) -> None:
        planned = plan_text(tmp_path, "channels: {}\noperations: {}\n")
        assert planned.found == ["4:1 nothing-to-generate"]
        assert planned.text("nothing-to-generate") == "nothing to generate: the document has no operations"

    def test_without_operations_says_so_at_the_channels(self, tmp_path: Path) -> None:
        assert plan_text(tmp_path, "channels: {}\n").found == ["3:1 nothing-to-generate"]

    def test_of_version_2_says_so_at_the_channels(self, tmp_path: Path) -> None:
        text = "channels: {orders: {subscribe: {operationId: send, message: {payload: {type: object}}}}}\n"
        planned = plan_text(tmp_path, text, HEAD2)
        assert sorted(rules(planned)) == ["no-protocol", "nothing-to-generate"]
        assert planned.text("nothing-to-generate") == "nothing to generate: operation 'send' has no protocol"

    def test_lists_every_reason(self, tmp_path: Path) -> None:
        text = """
            servers:
              k: {host: 'kafka:9092', protocol: kafka}
            channels:
              byUser: {address: 'users/{id}', parameters: {id: {}}, messages: {Seen: {payload: {}}}}
              encoded: {address: encoded, messages: {Seen: {contentType: application/avro, payload: {}}}}
              empty: {address: empty, messages: {}}
            operations:
              send: {action: send, channel: {$ref: '#/channels/empty'}}
              receiveByUser: {action: receive, channel: {$ref: '#/channels/byUser'}}
              receiveEncoded: {action: receive, channel: {$ref: '#/channels/encoded'}}
              receiveNothing: {action: receive, channel: {$ref: '#/channels/empty'}}
        """
        planned = plan_text(tmp_path, text)
        reason = planned.text("nothing-to-generate")
        for part in (
            "operation 'send' sends no message",
            "operation 'receiveEncoded' receives no message of a content type that can be decoded",
            "operation 'receiveNothing' receives no message",
            "operation 'receiveByUser' has a channel that cannot be subscribed to",
        ):
            assert part in reason
        assert sorted(rules(planned)) == [
            "invalid-address",
            "no-messages",
            "no-messages",
            "nothing-to-generate",
            "unsupported-content",
        ]


class TestMessages:
    """What can be decoded, and what is said of the rest."""

    @pytest.mark.parametrize(
        "content_type",
        ["application/json", "application/json; charset=utf-8", "application/vnd.shop+json", "Application/JSON"],
    )
    def test_in_json_are_received(self, tmp_path: Path, content_type: str) -> None:
        message = f"contentType: '{content_type}', payload: {{type: object}}"
        planned = plan_text(tmp_path, document("kafka", message=message))
        assert ([event.name for event in planned.plan.view.events], planned.found) == (["Placed"], [])

    def test_without_a_content_type_are_json(self, tmp_path: Path) -> None:
        assert plan_text(tmp_path, document("kafka")).found == []

    def test_take_the_default_content_type(self, tmp_path: Path) -> None:
        text = "defaultContentType: text/xml\n" + document("kafka")
        assert sorted(rules(plan_text(tmp_path, text))) == ["nothing-to-generate", "unsupported-content"]

    @pytest.mark.parametrize(
        "message",
        [
            "contentType: application/avro, payload: {type: object}",
            "payload: {schemaFormat: 'application/vnd.google.protobuf;version=3', schema: {type: record}}",
        ],
    )
    def test_in_anything_else_are_not(self, tmp_path: Path, message: str) -> None:
        planned = plan_text(tmp_path, document("kafka", message=message))
        assert sorted(rules(planned)) == ["nothing-to-generate", "unsupported-content"]

    def test_in_avro_are_received_and_sent(self, tmp_path: Path) -> None:
        text = """
            servers: {k: {host: broker, protocol: kafka}}
            channels:
              notes:
                address: notes
                messages:
                  Note:
                    contentType: application/avro
                    payload: {schemaFormat: application/vnd.apache.avro;version=1.9.0, schema: string}
                  Counted: {payload: {type: integer}, headers: {properties: {kind: {const: counted}}}}
            operations:
              receive:
                action: receive
                channel: {$ref: '#/channels/notes'}
                messages: [{$ref: '#/channels/notes/messages/Note'}]
              send: {action: send, channel: {$ref: '#/channels/notes'}}
        """
        planned = plan_text(tmp_path, text)
        assert [publisher.name for publisher in planned.plan.view.publishers] == ["publish_note", "publish_counted"]
        assert [(event.name, event.payload_type) for event in planned.plan.view.events] == [
            ("Note", "models.NotePayload")
        ]
        assert planned.found == []

    def test_that_cannot_be_read_are_not_sent(self, tmp_path: Path) -> None:
        text = """
            servers: {k: {host: broker, protocol: kafka}}
            channels: {notes: {address: notes, messages: {Note: {contentType: text/csv}, Counted: {payload: {}}}}}
            operations: {send: {action: send, channel: {$ref: '#/channels/notes'}}}
        """
        planned = plan_text(tmp_path, text)
        assert [publisher.name for publisher in planned.plan.view.publishers] == ["publish_counted"]
        assert planned.text("unsupported-content") == (
            "message 'Note' is not sent, because it is 'text/csv', which is not decoded"
        )

    def test_behind_the_id_of_a_schema_have_a_setting_for_it(self, tmp_path: Path) -> None:
        text = """
            servers: {k: {host: broker, protocol: kafka}}
            channels:
              notes:
                address: notes
                messages: {Note: {payload: {}, bindings: {kafka: {schemaIdLocation: payload}}}}
            operations: {send: {action: send, channel: {$ref: '#/channels/notes'}}}
        """
        view = plan_text(tmp_path, text).plan.view
        assert [(one.name, one.annotation, one.default) for one in view.settings if "schema" in one.name] == [
            ("note_schema_id", "Annotated[int, Field(ge=0, lt=4294967296)]", None)
        ]
        assert [publisher.body.id_setting for publisher in view.publishers] == [view.settings[-1]]

    def test_behind_the_id_of_a_schema_are_no_replies(self, tmp_path: Path) -> None:
        text = """
            servers: {k: {host: broker, protocol: kafka}}
            channels:
              notes: {address: notes, messages: {Note: {payload: {}}}}
              answers: {address: answers, messages: {A: {payload: {}, bindings: {kafka: {schemaIdLocation: payload}}}}}
            operations:
              take:
                action: receive
                channel: {$ref: '#/channels/notes'}
                reply: {channel: {$ref: '#/channels/answers'}}
        """
        planned = plan_text(tmp_path, text)
        assert "the id of a schema would be in front of it" in planned.text("unsupported-reply")
        assert [event.reply for event in planned.plan.view.events] == [None]

    def test_without_a_payload_are_anything(self, tmp_path: Path) -> None:
        planned = plan_text(tmp_path, document("kafka", message="title: Placed"))
        assert rules(planned) == ["no-payload"]
        assert planned.plan.view.events[0].payload_type == "Any"


class TestSecurity:
    """Of a server that an operation uses: what is not served of it is said. See test_security.py for what is."""

    def test_that_is_served_is_not_warned_about(self, tmp_path: Path) -> None:
        server = "s: {host: h, protocol: kafka-secure, security: [{type: scramSha256}]}"
        assert plan_text(tmp_path, document(server)).found == []

    def test_that_is_not_served_is_warned_about(self, tmp_path: Path) -> None:
        server = "s: {host: h, protocol: amqps, security: [{type: gssapi}]}"
        planned = plan_text(tmp_path, document(server))
        assert rules(planned) == ["unsupported-security"]
        assert "asks for 'gssapi', which is not served yet" in planned.text("unsupported-security")

    def test_of_another_server_is_not(self, tmp_path: Path) -> None:
        other = "s: {host: h, protocol: kafka, security: [{type: gssapi}]}"
        text = document("kafka", other, channel="servers: [{$ref: '#/servers/k'}], ")
        assert plan_text(tmp_path, text).found == []

    def test_is_warned_about_also_where_the_address_is_not_served(self, tmp_path: Path) -> None:
        server = "s: {host: h, protocol: kafka, security: [{type: gssapi}]}"
        text = document(server).replace("address: orders", "address: null")
        assert "unsupported-security" in rules(plan_text(tmp_path, text))

    def test_of_an_operation_is_warned_about(self, tmp_path: Path) -> None:
        operation = "action: receive, channel: {$ref: '#/channels/orders'}, security: [{type: plain}]"
        assert rules(plan_text(tmp_path, document("kafka", operation=operation))) == ["unsupported-security"]


@pytest.mark.parametrize(
    ("protocol", "reply", "reason"),
    [
        ("kafka", "channel: {$ref: '#/channels/none'}", "no message that can be encoded"),
        ("kafka", "channel: {$ref: '#/channels/two'}", "several messages"),
        ("kafka", "channel: {$ref: '#/channels/somewhere'}", "nothing says where to"),
        ("kafka", "channel: {$ref: '#/channels/somewhere'}, address: {location: replyTo}", "nothing says where to"),
    ],
)
def test_a_reply_that_cannot_be_sent_is_said(tmp_path: Path, protocol: str, reply: str, reason: str) -> None:
    text = f"""
        servers: {{s: {{host: broker, protocol: {protocol}}}}}
        channels:
          orders: {{address: orders, messages: {{Placed: {{payload: {{type: object}}}}}}}}
          none: {{address: none, messages: {{Encoded: {{contentType: text/xml, payload: {{}}}}}}}}
          two: {{address: two, messages: {{A: {{payload: {{type: string}}}}, B: {{payload: {{type: string}}}}}}}}
          somewhere: {{address: null, messages: {{Done: {{payload: {{type: string}}}}}}}}
        operations:
          receiveOrders: {{action: receive, channel: {{$ref: '#/channels/orders'}}, reply: {{{reply}}}}}
    """
    planned = plan_text(tmp_path, text)
    assert reason in planned.text("unsupported-reply")
    assert [event.reply for event in planned.plan.view.events] == [None]


def test_a_location_of_a_reply_that_is_no_expression_is_said(tmp_path: Path) -> None:
    text = """
        servers: {s: {host: broker, protocol: amqp}}
        channels:
          orders: {address: orders, messages: {Placed: {payload: {type: object}}}}
          somewhere: {address: null, messages: {Done: {payload: {type: string}}}}
        operations:
          receiveOrders:
            action: receive
            channel: {$ref: '#/channels/orders'}
            reply: {address: {location: replyTo}, channel: {$ref: '#/channels/somewhere'}}
    """
    planned = plan_text(tmp_path, text)
    assert "its reply does not go where a request asks for it" in planned.text("invalid-expression")
    [event] = planned.plan.view.events
    assert event.reply is not None  # to the address in the property of AMQP


def test_an_operation_that_cannot_be_subscribed_to_gives_no_reply(tmp_path: Path) -> None:
    text = """
        servers: {r: {host: broker, protocol: amqp}}
        channels:
          asked: {address: 'a.{p}.b', parameters: {p: {}}, messages: {Asked: {payload: {type: object}}}}
          told: {address: null, messages: {Told: {payload: {type: object}}}}
          other: {address: other, messages: {Other: {payload: {type: object}}}}
        operations:
          ask: {action: receive, channel: {$ref: '#/channels/asked'}, reply: {channel: {$ref: '#/channels/told'}}}
          receive: {action: receive, channel: {$ref: '#/channels/other'}}
    """
    planned = plan_text(tmp_path, text)
    assert rules(planned) == ["unsupported-parameters"]
    assert [(event.name, event.reply) for event in planned.plan.view.events] == [("Other", None)]


@pytest.mark.parametrize(("protocol", "count"), [("kafka", 0), ("amqp", 1)])
def test_amqp_has_a_place_for_the_address_of_a_reply(tmp_path: Path, protocol: str, count: int) -> None:
    text = f"""
        servers: {{s: {{host: broker, protocol: {protocol}}}}}
        channels:
          orders: {{address: orders, messages: {{Placed: {{payload: {{type: object}}}}}}}}
          somewhere: {{address: null, messages: {{Done: {{payload: {{type: string}}}}}}}}
        operations:
          receiveOrders:
            action: receive
            channel: {{$ref: '#/channels/orders'}}
            reply: {{channel: {{$ref: '#/channels/somewhere'}}}}
    """
    assert len(plan_text(tmp_path, text).plan.view.requests) == count


def test_one_message_of_several_operations_is_one_event(tmp_path: Path) -> None:
    text = """
        servers:
          k: {host: 'kafka:9092', protocol: kafka}
        channels:
          orders: {address: orders, messages: {Placed: {$ref: '#/components/messages/Placed'}}}
          copies: {address: copies, messages: {Copied: {$ref: '#/components/messages/Placed'}}}
        operations:
          receiveOrders: {action: receive, channel: {$ref: '#/channels/orders'}}
          receiveCopies: {action: receive, channel: {$ref: '#/channels/copies'}}
        components:
          messages:
            Placed: {payload: {type: object}}
    """
    planned = plan_text(tmp_path, text)
    assert [(event.name, event.handler_module) for event in planned.plan.view.events] == [("Placed", "placed")]
    assert [dict(one.sources[0].operations) for one in planned.subscribers] == [
        {"Placed": "receiveOrders"},
        {"Placed": "receiveCopies"},
    ]


def test_messages_of_one_name_in_two_channels_have_the_channels_in_front(tmp_path: Path) -> None:
    text = """
        servers:
          k: {host: 'kafka:9092', protocol: kafka}
        channels:
          orders: {address: orders, messages: {Placed: {payload: {type: object}}}}
          bets: {address: bets, messages: {Placed: {payload: {type: object}}}}
        operations:
          receiveOrders: {action: receive, channel: {$ref: '#/channels/orders'}}
          receiveBets: {action: receive, channel: {$ref: '#/channels/bets'}}
    """
    view = plan_text(tmp_path, text).plan.view
    assert [(event.name, event.event_name) for event in view.events] == [
        ("OrdersPlaced", "Placed"),
        ("BetsPlaced", "Placed"),
    ]


def test_a_message_that_version_2_writes_twice_is_one(tmp_path: Path) -> None:
    message = "message: {name: Placed, payload: {type: object, properties: {id: {type: string}}}}"
    text = f"""
        servers:
          k: {{url: 'kafka:9092', protocol: kafka}}
        channels:
          orders: {{publish: {{operationId: receive, {message}}}, subscribe: {{operationId: send, {message}}}}}
    """
    planned = plan_text(tmp_path, text, HEAD2)
    assert rules(planned) == []
    assert [publisher.name for publisher in planned.plan.view.publishers] == ["publish_placed"]
    assert [event.name for event in planned.plan.view.events] == ["Placed"]
    assert [view.event for view in planned.deserializer.messages] == ["Placed"]


def test_two_messages_of_one_name_on_a_channel_are_warned_about(tmp_path: Path) -> None:
    text = """
        servers:
          k: {host: 'kafka:9092', protocol: kafka}
        channels:
          orders:
            address: orders
            messages:
              a: {name: Placed, payload: {type: string}}
              b: {name: Placed, payload: {type: object}}
        operations:
          receiveOrders: {action: receive, channel: {$ref: '#/channels/orders'}}
    """
    planned = plan_text(tmp_path, text)
    assert planned.found == ["10:10 indistinguishable-messages"]
    assert planned.text("indistinguishable-messages").startswith("two messages of channel 'orders' are called 'Placed'")

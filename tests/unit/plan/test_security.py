"""How the service gets into the servers of a contract."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

from tests.unit.planning import HEAD2, Planned, plan_text

if TYPE_CHECKING:
    from pathlib import Path

    from cqrs_gen.plan.server_views import AccessView

_DOCUMENT3: Final = """
    servers:
      s: {{host: h, protocol: {protocol}, security: [{security}]}}
    channels:
      orders: {{address: orders, messages: {{Placed: {{payload: {{type: object}}}}}}}}
    operations:
      receiveOrders: {{action: receive, channel: {{$ref: '#/channels/orders'}}}}
"""
_DOCUMENT2: Final = """
    servers:
      s: {{url: h, protocol: {protocol}, security: [{security}]}}
    channels:
      orders: {{publish: {{message: {{name: Placed, payload: {{type: object}}}}}}}}
    components:
      securitySchemes: {{scram: {{type: scramSha256}}, plain: {{type: plain}}, cert: {{type: X509}}}}
"""


def plan(folder: Path, protocol: str, *types: str) -> Planned:
    security = ", ".join(f"{{type: {each}}}" for each in types)
    return plan_text(folder, _DOCUMENT3.format(protocol=protocol, security=security))


def plan_2(folder: Path, protocol: str, security: str) -> Planned:
    return plan_text(folder, _DOCUMENT2.format(protocol=protocol, security=security), HEAD2)


def access(planned: Planned) -> AccessView:
    [servers] = planned.plan.view.servers
    [server] = servers.servers
    return server.access


def settings(planned: Planned) -> list[str]:
    return [one.name for servers in planned.plan.view.secured_servers for one in servers.security_settings]


@pytest.mark.parametrize(
    ("protocol", "type_", "sasl", "has_certificate"),
    [
        ("kafka-secure", "userPassword", "PLAIN", False),
        ("kafka-secure", "plain", "PLAIN", False),
        ("kafka-secure", "scramSha256", "SCRAM-SHA-256", False),
        ("kafka-secure", "scramSha512", "SCRAM-SHA-512", False),
        ("kafka-secure", "X509", "", True),
        ("amqps", "userPassword", "PLAIN", False),
        ("amqps", "plain", "PLAIN", False),
        ("amqps", "X509", "", True),
    ],
)
def test_schemes_that_are_served(
    tmp_path: Path, protocol: str, type_: str, sasl: str, *, has_certificate: bool
) -> None:
    planned = plan(tmp_path, protocol, type_)
    found = access(planned)
    assert (found.tls, found.sasl, found.certificate) == (True, sasl, has_certificate)
    assert planned.found == []


@pytest.mark.parametrize("type_", ["apiKey", "http", "gssapi", "oauth2", "symmetricEncryption"])
@pytest.mark.parametrize("protocol", ["kafka-secure", "amqps"])
def test_schemes_that_are_not_leave_tls(tmp_path: Path, protocol: str, type_: str) -> None:
    planned = plan(tmp_path, protocol, type_)
    found = access(planned)
    assert (found.tls, found.sasl, found.certificate) == (True, "", False)
    assert [finding.rule.id for finding in planned.findings] == ["unsupported-security"]


_FLOW: Final = "flows: {clientCredentials: {tokenUrl: 'https://tokens/', availableScopes: {}}}"


@pytest.mark.parametrize(("scopes", "scope"), [("", ""), (", scopes: [read, write]", "read write")])
def test_a_token_is_asked_for_as_the_contract_says(tmp_path: Path, scopes: str, scope: str) -> None:
    planned = plan_text(tmp_path, _DOCUMENT3.format(protocol="kafka", security=f"{{type: oauth2, {_FLOW}{scopes}}}"))
    found = access(planned)
    assert (found.sasl, found.token_url, found.scope, planned.found) == ("OAUTHBEARER", "https://tokens/", scope, [])
    names = ("token_url", "client_id", "client_secret", "scope")
    assert settings(planned) == [*(f"kafka_oauth_{name}" for name in names), "kafka_plaintext"]


def test_a_token_by_name_has_the_scopes_of_the_requirement(tmp_path: Path) -> None:
    flow = _FLOW.replace("availableScopes", "scopes")
    text = _DOCUMENT2.replace(
        "cert: {{type: X509}}", f"oauth: {{{{type: oauth2, {flow.replace('{', '{{').replace('}', '}}')}}}}}"
    )
    planned = plan_text(tmp_path, text.format(protocol="kafka-secure", security="{oauth: [read, write]}"), HEAD2)
    found = access(planned)
    assert (found.tls, found.sasl, found.scope, planned.found) == (True, "OAUTHBEARER", "read write", [])


@pytest.mark.parametrize("flows", ["", ", flows: {}", ", flows: {clientCredentials: {tokenUrl: ''}}"])
def test_a_token_needs_a_flow_for_services(tmp_path: Path, flows: str) -> None:
    planned = plan_text(tmp_path, _DOCUMENT3.format(protocol="kafka", security=f"{{type: oauth2{flows}}}"))
    assert access(planned).sasl == ""
    [finding] = planned.findings
    assert finding.hint == "of OAuth the flow 'clientCredentials' is served, with its 'tokenUrl'"


def test_tokens_are_not_of_rabbitmq(tmp_path: Path) -> None:
    planned = plan_text(tmp_path, _DOCUMENT3.format(protocol="amqp", security=f"{{type: oauth2, {_FLOW}}}"))
    assert "asks for 'oauth2'" in planned.text("unsupported-security")


def test_scram_is_not_of_rabbitmq(tmp_path: Path) -> None:
    assert "asks for 'scramSha256'" in plan(tmp_path, "amqp", "scramSha256").text("unsupported-security")


@pytest.mark.parametrize("protocol", ["kafka", "amqp"])
def test_a_certificate_needs_tls(tmp_path: Path, protocol: str) -> None:
    planned = plan(tmp_path, protocol, "X509")
    assert not access(planned).certificate
    [finding] = planned.findings
    assert finding.hint == f"a client certificate needs TLS: the server's protocol is then '{planned_tls(protocol)}'"


def planned_tls(protocol: str) -> str:
    return {"kafka": "kafka-secure", "amqp": "amqps"}[protocol]


def test_of_alternatives_the_first_that_is_served_is_taken(tmp_path: Path) -> None:
    planned = plan(tmp_path, "kafka", "gssapi", "scramSha512", "plain")
    assert access(planned).sasl == "SCRAM-SHA-512"
    assert planned.text("unsupported-security") == (
        "server 's': the generated service has what 'scramSha512' needs, and nothing for 'gssapi' or 'plain'"
    )


@pytest.mark.parametrize(
    ("protocol", "security", "expected"),
    [
        ("kafka-secure", "{scram: []}", (True, "SCRAM-SHA-256", False)),
        ("kafka-secure", "{scram: [], cert: []}", (True, "SCRAM-SHA-256", True)),
        ("amqps", "{cert: [], plain: []}", (True, "PLAIN", True)),
        ("kafka", "{}", (False, "", False)),
    ],
)
def test_schemes_by_name_are_needed_together(
    tmp_path: Path, protocol: str, security: str, expected: tuple[bool, str, bool]
) -> None:
    planned = plan_2(tmp_path, protocol, security)
    found = access(planned)
    assert (found.tls, found.sasl, found.certificate) == expected
    assert planned.found == []


def test_two_logins_together_are_not_served(tmp_path: Path) -> None:
    planned = plan_2(tmp_path, "kafka", "{scram: [], plain: []}")
    assert access(planned).sasl == ""
    assert "asks for 'scramSha256' with 'plain'" in planned.text("unsupported-security")


@pytest.mark.parametrize(
    ("protocol", "type_", "expected"),
    [
        ("kafka", "plain", ["kafka_username", "kafka_password", "kafka_plaintext"]),
        ("kafka-secure", "gssapi", ["kafka_tls_ca_file", "kafka_plaintext"]),
        ("amqp", "userPassword", ["rabbit_username", "rabbit_password"]),
        ("amqps", "X509", ["rabbit_tls_ca_file", "rabbit_tls_cert_file", "rabbit_tls_key_file"]),
        ("kafka", "gssapi", []),
    ],
)
def test_there_are_settings_for_what_is_asked(tmp_path: Path, protocol: str, type_: str, expected: list[str]) -> None:
    assert settings(plan(tmp_path, protocol, type_)) == expected

"""Settings for security: which there are, what is missing, and that none of them is ever shown."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import pytest
from faststream.security import BaseSecurity, SASLPlaintext, SASLScram256, SASLScram512

from tests.brokers.certificates import Authority

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from tests.generated import Generate, Package

_SECRET: Final = "s3cret-of-mine"  # noqa: S105 - of no server
_DOCUMENT: Final = """\
asyncapi: 3.0.0
info: {title: Secured, version: 1.0.0}
servers:
  scram512: {host: h, protocol: kafka-secure, security: [{type: scramSha512}]}
  scram256: {host: h, protocol: kafka, security: [{type: scramSha256}]}
  plain: {host: h, protocol: kafka, security: [{type: plain}]}
  tls: {host: h, protocol: kafka-secure}
  certificate: {host: h, protocol: kafka-secure, security: [{type: X509}]}
  open: {host: h, protocol: kafka}
  rabbit: {host: h, protocol: amqps, security: [{type: userPassword}]}
  rabbit_certificate: {host: h, protocol: amqps, security: [{type: X509}]}
channels:
  orders: {address: orders, messages: {Placed: {payload: {type: object}}}}
operations:
  receiveOrders: {action: receive, channel: {$ref: '#/channels/orders'}}
"""
_KAFKA: Final = {"KAFKA_USERNAME": "ada", "KAFKA_PASSWORD": _SECRET}
_LOGINS: Final = {**_KAFKA, "RABBIT_USERNAME": "ada", "RABBIT_PASSWORD": _SECRET}


@pytest.fixture
def wrong(generate: Generate) -> Any:
    """Give a function that says what is wrong with settings, with `NAME` for the prefix."""

    def say(settings: Mapping[str, str]) -> str:
        package = generate(_DOCUMENT, record=False, settings=settings)
        try:
            with pytest.raises(ValueError, match="the settings are wrong: ") as caught:
                package.module("contract.settings")
        finally:
            package.forget()
        return str(caught.value).replace(package.name.upper(), "NAME").removeprefix("the settings are wrong: ")

    return say


def security(package: Package) -> tuple[Any, Any]:
    """Give the objects that FastStream connects with."""
    settings = package.module("contract.settings").settings
    kafka = package.module("contract.runtime.kafka.security").faststream_security(settings.kafka_access)
    rabbit = package.module("contract.runtime.rabbit.security").faststream_security(settings.rabbit_access)
    return kafka, rabbit


@pytest.mark.parametrize(
    ("server", "kind", "uses_tls"),
    [
        ("scram512", SASLScram512, True),
        ("scram256", SASLScram256, False),
        ("plain", SASLPlaintext, False),
        ("tls", BaseSecurity, True),
    ],
)
def test_the_chosen_server_decides(generate: Generate, server: str, kind: type, *, uses_tls: bool) -> None:
    kafka, rabbit = security(generate(_DOCUMENT, settings={**_LOGINS, "SERVER": server}))
    assert type(kafka) is kind
    assert (kafka.use_ssl, kafka.ssl_context is not None) == (uses_tls, uses_tls)
    assert (rabbit.username, rabbit.password, rabbit.use_ssl) == ("ada", _SECRET, True)


def test_a_server_that_asks_for_nothing_gets_nothing(generate: Generate) -> None:
    kafka, _ = security(generate(_DOCUMENT, settings={**_LOGINS, "SERVER": "open"}))
    assert kafka is None


def test_plaintext_leaves_security_away(generate: Generate) -> None:
    rabbit_only = {name: value for name, value in _LOGINS.items() if name not in _KAFKA}
    kafka, _ = security(generate(_DOCUMENT, settings={**rabbit_only, "KAFKA_PLAINTEXT": "true"}))
    assert kafka is None


def test_certificates_are_read(generate: Generate, tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    certificate, key = map(str, authority.client("ada"))
    files = {"TLS_CA_FILE": str(authority.file), "TLS_CERT_FILE": certificate, "TLS_KEY_FILE": key}
    settings = {f"{broker}_{name}": file for broker in ("KAFKA", "RABBIT") for name, file in files.items()}
    package = generate(_DOCUMENT, settings={**settings, "SERVER": "certificate,rabbit_certificate"})
    for each in security(package):
        assert (type(each), each.use_ssl, len(each.ssl_context.get_ca_certs())) == (BaseSecurity, True, 1)
    rabbit = package.module("contract.runtime.rabbit.security")
    access = package.module("contract.settings").settings.rabbit_access
    assert rabbit.with_mechanism("amqps://h/", access) == "amqps://h/?auth=EXTERNAL"
    assert rabbit.with_mechanism("amqps://h/?heartbeat=5", access) == "amqps://h/?heartbeat=5&auth=EXTERNAL"


@pytest.mark.parametrize(
    ("url", "login", "uses_tls"),
    [
        ("amqps://ada:p%40ss@h/", ("ada", "p@ss"), True),
        ("amqp://ada:p%40ss@h/", ("ada", "p@ss"), False),
    ],
)
def test_the_url_of_rabbitmq_may_say_all(
    generate: Generate, url: str, login: tuple[str, str], *, uses_tls: bool
) -> None:
    _, rabbit = security(generate(_DOCUMENT, settings={**_KAFKA, "RABBIT_URL": url}))
    assert (rabbit.username, rabbit.password) == login
    assert (rabbit.use_ssl, rabbit.ssl_context is not None) == (uses_tls, uses_tls)


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({}, "the contract's server asks for more: set NAME_KAFKA_USERNAME and NAME_KAFKA_PASSWORD"),
        ({"KAFKA_USERNAME": "ada"}, "the contract's server asks for more: set NAME_KAFKA_PASSWORD"),
        ({**_KAFKA, "KAFKA_PASSWORD": ""}, "the contract's server asks for more: set NAME_KAFKA_PASSWORD"),
        (_KAFKA, "the contract's server asks for more: set NAME_RABBIT_USERNAME and NAME_RABBIT_PASSWORD"),
        (
            {**_KAFKA, "RABBIT_URL": f"amqps://:{_SECRET}@h/"},
            "the contract's server asks for more: set NAME_RABBIT_USERNAME and NAME_RABBIT_PASSWORD",
        ),
        ({"SERVER": "certificate"}, "the contract's server asks for more: set NAME_KAFKA_TLS_CERT_FILE"),
        (
            {**_LOGINS, "KAFKA_TLS_CA_FILE": f"/no/{_SECRET}.pem"},
            "NAME_KAFKA_TLS_CA_FILE: Path does not point to a file",
        ),
    ],
)
def test_what_is_missing_is_named(wrong: Any, settings: Mapping[str, str], expected: str) -> None:
    assert wrong(settings) == expected


def test_files_that_hold_something_else_are_named(wrong: Any, tmp_path: Path) -> None:
    other = tmp_path / "other.pem"
    other.write_text(_SECRET, encoding="utf-8")
    said = wrong({**_LOGINS, "KAFKA_TLS_CA_FILE": str(other)})
    assert said.startswith("NAME_KAFKA_TLS_CA_FILE: it holds no certificates: ")
    certificate, _ = Authority(tmp_path / "authority").client("ada")
    said = wrong({"SERVER": "certificate", "KAFKA_TLS_CERT_FILE": str(certificate), "KAFKA_TLS_KEY_FILE": str(other)})
    assert said.startswith("NAME_KAFKA_TLS_CERT_FILE: it holds no certificate that goes with")
    assert _SECRET not in said


async def test_a_service_with_secrets_works_in_memory_and_shows_none(generate: Generate) -> None:
    package = generate(_DOCUMENT, settings=_LOGINS)
    async with package.traffic() as traffic:
        await traffic.kafka.publish(json.dumps({"id": 1}).encode(), "orders")
        await traffic.rabbit.publish(json.dumps({"id": 2}).encode(), "orders")
    assert package.names == ["Placed", "Placed"]
    settings = package.module("contract.settings").settings
    shown = [settings, settings.kafka_access, settings.rabbit_access, settings.model_dump_json()]
    shown += [each for one in package.adapters.values() for each in (one, one.broker, vars(one))]
    shown += [*security(package), package.module("contract.application").build_app()]
    assert _SECRET not in repr(shown)
    assert "ada" not in repr(shown[:4])

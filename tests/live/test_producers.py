"""Events reach their handlers whoever sent them: python-cqrs itself, FastStream, and clients that know of neither."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from datetime import datetime, timezone
from functools import partial
from typing import TYPE_CHECKING, Final, TypeAlias
from uuid import UUID, uuid4

import aio_pika
import cqrs
import pydantic
import pytest
from aio_pika.pool import Pool
from cqrs.adapters.amqp import AMQPPublisher, channel_pool_factory, connection_pool_factory
from cqrs.adapters.kafka import kafka_producer_factory
from cqrs.events.event_emitter import EventEmitter
from cqrs.message_brokers.amqp import AMQPMessageBroker
from cqrs.message_brokers.kafka import KafkaMessageBroker
from di import Container
from faststream.kafka import KafkaBroker
from faststream.rabbit import RabbitBroker, RabbitMessage

from tests.live import kafka_client, rabbit_client
from tests.live.kafka_client import Record
from tests.live.packages import ACCOUNTS, USERS_ON_KAFKA, USERS_ON_RABBIT, Package
from tests.live.waiting import until

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator

    from cqrs.message_brokers.protocol import MessageBroker

"""RabbitMQ: queues, channels, and replicas that drive `Subscription`, `Acknowledgements`, `Parking` and `Copies`."""

from .model import Rabbit

__all__ = ["Rabbit"]

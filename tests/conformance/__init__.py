"""What becomes of every document of the corpus that names Kafka or AMQP: `python -m tests.conformance`."""

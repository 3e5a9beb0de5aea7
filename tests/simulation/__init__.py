"""The runtime on models of Kafka and RabbitMQ, in virtual time, with faults at every step.

`loop` decides when what runs, `kafka` and `rabbit` are the models with replicas that drive the real runtime, `ledger`
and `service` know what has to hold, `schedules` says what goes wrong when, `mutants` proves that it would be noticed.
"""

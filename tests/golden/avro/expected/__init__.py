"""The service Avro."""

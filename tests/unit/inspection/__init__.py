"""What is told of a contract."""

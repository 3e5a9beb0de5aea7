"""What generated packages do, whole, with their handlers, on brokers in memory."""

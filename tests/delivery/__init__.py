"""What generated services do with messages on real servers, whatever goes wrong."""

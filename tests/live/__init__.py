"""Generated services as processes, on real servers: how they start, and what producers send them."""

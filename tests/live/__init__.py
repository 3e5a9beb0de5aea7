"""Generated services as processes, on real servers."""

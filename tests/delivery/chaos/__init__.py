"""A service that is killed again and again, on a broker that is restarted: every message must be accounted for."""

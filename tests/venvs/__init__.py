"""Virtual environments that tests install into, and what must work in them."""

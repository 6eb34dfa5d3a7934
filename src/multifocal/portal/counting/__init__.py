"""How often something was done: one count for all processes, and none lost between them."""

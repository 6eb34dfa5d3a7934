"""Public pages made from the knowledge."""

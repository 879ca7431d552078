"""Shapes of what the programming interface takes and gives, one module per room."""

"""How items are chosen: criteria, tables, constraints, and the programmes of shadow tests."""

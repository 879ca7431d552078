"""What we assert, sign and publish, and how a stranger checks it.

A pure room: no clock, no network, no database. Time, randomness and files' places come in as
arguments. It knows nothing of items, ratings or attempts; the issuing service translates.
"""

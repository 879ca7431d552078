"""HTTP in, HTTP out: pages, the programming interface, and the look they share.

Holds no use case and no SQL; those live in `certify.services` and `certify.storage`.
"""

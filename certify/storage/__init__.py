"""SQL behind the ports of `certify.services.ports`. Holds no use case and no domain rule."""

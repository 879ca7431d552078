"""An in-process consumer for the embedded run; production runs `certify worker` instead."""

from huey import Huey
from huey.consumer import Consumer


class EmbeddedConsumer(Consumer):
    """A consumer on threads that leaves the process's signals alone."""

    def _set_signal_handlers(self) -> None:
        """The server owns the signals."""


def start_embedded_worker(queue: Huey) -> EmbeddedConsumer:
    """Start one worker thread and the scheduler; stop it with `.stop()`."""
    consumer = EmbeddedConsumer(queue, workers=1, periodic=True, check_worker_health=False)
    consumer.start()
    return consumer

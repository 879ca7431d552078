"""The only place that wires things together: configuration, database, context, application.

Pages and jobs are loaded when they are first asked for: a command that serves nothing begins in
half the time and with half the memory without them.
"""

import logging
import sys
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import structlog

from certify.clock import system_clock
from certify.config import Config
from certify.errors import DataDirectoryUnusable, SchedulerUnreachable
from certify.services.context import Issuer, ServiceContext
from certify.services.preparing import (
    key_opener,
    make_context,
    prepare_bank,
    read_or_make_secret,
)
from certify.storage.database import SqlDatabase, open_database
from certify.storage.schema import upgrade

if TYPE_CHECKING:
    from flask import Flask
    from huey import Huey

    from certify.jobs.calibration_blocks import DaskExecutor
    from certify.jobs.worker import EmbeddedConsumer

VERIFY_PATH = "/v"


@dataclass(frozen=True)
class Installation:
    """Everything of one configuration, made when first asked for."""

    config: Config

    @cached_property
    def database(self) -> SqlDatabase:
        """The database, migrated or not."""
        self._make_data_directory()
        return open_database(self.config.database_url)

    @cached_property
    def context(self) -> ServiceContext:
        """Use cases on a database of the right schema. Raises DatabaseNotMigrated."""
        self.database.check_migrated()
        config = self.config
        issuer = Issuer(
            name_zh=config.issuer_zh,
            name_en=config.issuer_en,
            url=config.public_url,
            verify_url=config.public_url + VERIFY_PATH,
            is_test=config.issuer_is_test,
        )
        passphrase = config.key_passphrase or read_or_make_secret(
            config.secrets_dir, "key-passphrase"
        )
        trust_dirs = (config.trust_dir, config.user_trust_dir)
        keys = key_opener(config.keys_dir, trust_dirs, passphrase, issuer, system_clock)
        return make_context(self.database, system_clock, issuer, keys)

    @cached_property
    def web_application(self) -> "Flask":
        """The WSGI application."""
        from certify.web.app import create_app
        from certify.web.settings import WebSettings

        config = self.config
        configure_logs(config)
        return create_app(
            self.context,
            WebSettings(
                secret_key=config.secret_key or read_or_make_secret(config.secrets_dir, "session"),
                environment=config.environment,
                language=config.language,
                time_zone=config.time_zone,
                rate_limit_storage_url=config.rate_limit_url,
                trusted_proxy_count=config.trusted_proxies,
            ),
        )

    @cached_property
    def queue(self) -> "Huey":
        """The job queue with its tasks."""
        from certify.jobs.queue import make_queue
        from certify.jobs.tasks import register_tasks

        queue = make_queue(self.config.queue_url)
        register_tasks(queue, self.context)
        return queue

    def upgrade_schema(self) -> None:
        """Bring the database to the schema of this code."""
        self._make_data_directory()
        upgrade(self.config.database_url)

    def prepare(self) -> tuple[int, bool]:
        """Everything a first run needs, keys included; new items, and whether one release came."""
        self.upgrade_schema()
        self.context.open_keys()
        return prepare_bank(self.context)

    def start_embedded_worker(self) -> "EmbeddedConsumer":
        """Run jobs on threads of this process until `.stop()`."""
        from certify.jobs.worker import start_embedded_worker

        return start_embedded_worker(self.queue)

    def _make_data_directory(self) -> None:
        try:
            self.config.data_dir.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise DataDirectoryUnusable(path=self.config.data_dir, reason=error.strerror) from error


def connect_scheduler(address: str) -> "DaskExecutor":
    """A cluster to calibrate on. Raises SchedulerUnreachable."""
    from certify.jobs.calibration_blocks import DaskExecutor

    try:
        return DaskExecutor.connected_to(address)
    except (ModuleNotFoundError, OSError, ValueError) as error:
        raise SchedulerUnreachable(address=address, reason=error) from error


def configure_logs(config: Config) -> None:
    """Coloured lines for people at a terminal in development, else JSON for programs."""
    is_watched = config.environment != "production" and sys.stdout.isatty()
    renderer = (
        structlog.dev.ConsoleRenderer() if is_watched else structlog.processors.JSONRenderer()
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            structlog.processors.format_exc_info,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(
            logging.getLevelNamesMapping()[config.log_level]
        ),
        cache_logger_on_first_use=True,
    )

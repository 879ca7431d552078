"""The first run: keys, shipped bank, first release. Repeating it changes nothing."""

import logging
import os
import secrets
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path

from certificates.errors import KeyStoreExistsError
from certificates.keys import (
    MANIFEST,
    KeyStore,
    certificate_sha256,
    create_key_store,
    open_key_store,
)
from certificates.trust import TrustStore, export_trust_bundle
from certify.clock import Clock
from certify.errors import DataDirectoryUnusable
from certify.services.acting import TEACHER, Actor
from certify.services.administering import add_person, list_people
from certify.services.banking import judge_unjudged
from certify.services.context import Issuer, ServiceContext
from certify.services.passwords import Argon2Hasher
from certify.services.ports import Database, Person
from certify.services.releasing import list_releases, publish_release
from certify.services.shipping import SHIPPED, load_shipped_bank
from question_bank.skills import load_skill_model
from rubrics.catalogue import load_programme_versions

logger = logging.getLogger(__name__)
SHIPPED_RELEASE = "随产品发布的题库"
DEMO_PASSWORD = "certify-demo"  # noqa: S105 - printed by the demo, for a loopback server
DEMO_PEOPLE = (
    ("student", "student", "林晓雨", 18),
    ("teacher", "teacher", "周明", 0),
    ("auditor", "auditor", "陈思远", 0),
    ("centre", "centre", "明德考点", 0),
    ("administrator", "admin", "系统管理员", 0),
)
"""Role, user name, display name, months of experience."""


def make_context(
    database: Database,
    clock: Clock,
    issuer: Issuer,
    open_keys: Callable[[], KeyStore],
) -> ServiceContext:
    """A context with the shipped skill model and programmes and the system's randomness."""
    return ServiceContext(
        database=database,
        clock=clock,
        random_bytes=secrets.token_bytes,
        hasher=Argon2Hasher(),
        skill_model=load_skill_model(),
        programme_versions=load_programme_versions(),
        issuer=issuer,
        open_keys=open_keys,
        open_trust=cache(lambda: TrustStore.of_key_store(open_keys())),
    )


def key_opener(
    keys_dir: Path, trust_dirs: Sequence[Path], passphrase: str, issuer: Issuer, clock: Clock
) -> Callable[[], KeyStore]:
    """Opens the key store once per process, creating it on first run.

    Each of `trust_dirs` then holds a public trust bundle of the issuer, in a folder named by the
    root's fingerprint: the installation's own, and the one from which this person verifies.
    """

    @cache
    def open_keys() -> KeyStore:
        store = _open_or_create(keys_dir, passphrase, issuer, clock)
        for trust_dir in trust_dirs:
            _keep_bundle(store, trust_dir / certificate_sha256(store.root_certificate)[:16])
        return store

    return open_keys


def _open_or_create(keys_dir: Path, passphrase: str, issuer: Issuer, clock: Clock) -> KeyStore:
    if not (keys_dir / MANIFEST).exists():
        try:
            return create_key_store(
                keys_dir, passphrase, clock(), issuer_name=issuer.name_en, is_test=issuer.is_test
            )
        except KeyStoreExistsError:
            # another thread or process was first; its keys are the ones, or it says what is wrong
            pass
    return open_key_store(keys_dir, passphrase)


def _keep_bundle(store: KeyStore, directory: Path) -> None:
    try:
        export_trust_bundle(store, directory)
    except OSError as error:
        # verification elsewhere still works with --trust; issuing must not fail over it
        logger.warning("trust bundle not written to %s: %s", directory, error)


def prepare_bank(context: ServiceContext) -> tuple[int, bool]:
    """Load shipped items and publish a first release; new versions, and whether one was published.

    What a migration left unjudged is judged.
    """
    judge_unjudged(context)
    added = load_shipped_bank(context)
    publish = not list_releases(context)
    if publish:
        publish_release(context, title=SHIPPED_RELEASE, actor=Actor(SHIPPED, frozenset({TEACHER})))
    return added, publish


def read_or_make_secret(directory: Path, name: str) -> str:
    """A random secret kept in a file that only its owner reads. Raises DataDirectoryUnusable."""
    path = directory / name
    try:
        directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return path.read_text("ascii")
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(secrets.token_hex(32))
        return path.read_text("ascii")
    except OSError as error:
        raise DataDirectoryUnusable(path=directory, reason=error.strerror) from error


def prepare_demo_people(context: ServiceContext) -> tuple[Person, ...]:
    """One person of every role, with a known password. Only for demonstrations on one's machine."""
    people = []
    for role, username, name, months in DEMO_PEOPLE:
        found = list_people(context, text=username, role=role).rows
        people.append(
            next((person for person in found if person.username == username), None)
            or add_person(
                context,
                username=username,
                display_name=name,
                password=DEMO_PASSWORD,
                roles={role},
                experience_months=months,
            )
        )
    return tuple(people)

"""An installation where one candidate has sat an exam and holds a certificate.

Made once per run and copied for each test that asks, so that no test sees another's traces.
"""

from __future__ import annotations

import datetime as dt
import shutil
from dataclasses import dataclass, replace
from pathlib import Path

from certify.bootstrap import Installation
from certify.services.concluding import concluded_result
from certify.services.context import ServiceContext
from certify.services.ports import Person, StoredCredential
from certify.services.preparing import prepare_bank, prepare_demo_people
from tests.fakes import FakeClock, context_at, make_installation
from tests.integration.services.sitting import sit_exam

NOW = dt.datetime(2027, 3, 1, 9, 0, tzinfo=dt.UTC)


@dataclass
class Examined:
    """A data directory with the demo people and one certificate of the student."""

    installation: Installation
    context: ServiceContext
    clock: FakeClock
    people: dict[str, Person]
    attempt_id: str
    credential_id: str

    @property
    def stored(self) -> StoredCredential:
        with self.context.database.reading() as work:
            found = work.credentials.get(self.credential_id)
        assert found is not None
        return found


def make_template(folder: Path) -> tuple[str, str]:
    """Sit the exam in an installation below `folder`; ids of the attempt and the credential."""
    installation = make_installation(folder)
    context = context_at(installation, FakeClock(NOW))
    prepare_bank(context)
    student = next(p for p in prepare_demo_people(context) if "student" in p.roles)
    attempt_id = sit_exam(context, student.id, theta=2.0)
    credential_id = concluded_result(context, student.id, attempt_id).credential_id
    assert credential_id is not None
    installation.database.close()
    return attempt_id, credential_id


def spoil_item(context: ServiceContext, item_id: str, **changes: object) -> None:
    """Make an operational item faulty, as an older rule or another writer might have left it."""
    with context.database.writing() as work:
        stored = work.items.latest(item_id)
        assert stored is not None
        content = {**stored.content, **changes}
        spoilt = replace(stored, version=stored.version + 1, content=content)
        assert work.items.add_version(spoilt, previous=stored.version)
        work.commit()


def copy_template(template: Path, folder: Path, attempt_id: str, credential_id: str) -> Examined:
    """The template's data in a folder of the test's own."""
    shutil.copytree(template, folder, dirs_exist_ok=True)
    installation = make_installation(folder)
    clock = FakeClock(NOW + dt.timedelta(days=1))
    context = context_at(installation, clock)
    people = {next(iter(person.roles)): person for person in prepare_demo_people(context)}
    return Examined(installation, context, clock, people, attempt_id, credential_id)

"""Killed processes, cut connections, full disks and jumping clocks: every promise is kept.

A few rounds run with all other tests. The whole campaign is one command:
`CERTIFY_FAULT_ROUNDS=500 pytest -n0 -s tests/faults/test_campaign.py`. It brings a PostgreSQL
server of its own, so that the database itself can be crashed too.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from certify.services.planning_exposure import plan_newest_release
from certify.services.preparing import prepare_bank
from tests.fakes import make_served_installation
from tests.faults.campaign import BrokenSite, Campaign, broken_site
from tests.faults.campaign_site import JumpingClock
from tests.postgres_servers import PostgresServer, private_server

pytestmark = pytest.mark.faults
ROUNDS = int(os.environ.get("CERTIFY_FAULT_ROUNDS", "0"))
SEED = int(os.environ.get("CERTIFY_FAULT_SEED", "20"))


@pytest.fixture
def postgres_address(request: pytest.FixtureRequest) -> Iterator[str]:
    """A database of the tests' server, for a whole campaign one on a server of its own."""
    if not ROUNDS:
        yield request.getfixturevalue("postgres_url")
        return
    with private_server() as url, PostgresServer(url).fresh_database() as address:
        yield address


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.integration)])
def site(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[BrokenSite]:
    """An embedded site, and one with several processes; with bank and exams, nobody in it."""
    address = f"sqlite:///{tmp_path / 'campaign.sqlite3'}"
    if request.param == "postgres":
        address = request.getfixturevalue("postgres_address")
    installation = make_served_installation(tmp_path, address)
    (tmp_path / "jump").write_text("0")
    context = replace(installation.context, clock=JumpingClock(tmp_path / "jump"))
    prepare_bank(context)
    plan_newest_release(context)
    crashes = bool(ROUNDS) and request.param == "postgres"
    with broken_site(context, tmp_path, address, may_crash_database=crashes) as made:
        yield made
    installation.database.close()


def test_whatever_breaks_no_promise_is_broken(site: BrokenSite) -> None:
    campaign = Campaign(site, SEED)
    rounds = ROUNDS or len(site.faults)
    for number in range(rounds):
        assert campaign.play(number) == [], f"round {number} of seed {SEED}"
        if ROUNDS:
            print(f"\rround {number + 1} of {ROUNDS}: {campaign.ledger.count} answers", end="")
    assert campaign.finish() == []
    print(
        f"\n{site.database_url.split(':')[0]}: {rounds} rounds, {dict(site.done)}, "
        f"{campaign.people} candidates, {sum(campaign.ledger.wished.values())} attempts, "
        f"{campaign.ledger.count} answers acknowledged, 0 lost, 0 attempts too many, 0 answers late"
    )
    assert campaign.ledger.count

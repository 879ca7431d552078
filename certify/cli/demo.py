"""`certify demo`: the whole main job once, over HTTP, with everything real."""

import threading
from pathlib import Path
from random import Random

import click

from certify.bootstrap import Installation
from certify.cli.charts import convergence_chart
from certify.cli.http_client import ApiClient
from certify.cli.options import open_installation
from certify.cli.serve import make_server
from certify.services.concluding import concluded_result
from certify.services.deciding import ResultView
from certify.services.issuing import get_own_certificate
from certify.services.ports import Person
from certify.services.preparing import DEMO_PASSWORD, prepare_demo_people
from certify.services.simulating import SimulatedCandidate
from certify.services.verifying import verify_file

PROGRAMME, LEVEL = "estorm-comprehensive", "proficient"
ABILITY = 1.1
"""True theta of the simulated candidate: above the cut of 成熟, below that of 精英."""


@click.command()
@click.option(
    "--data",
    "data_dir",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("var/demo"),
    show_default=True,
    help="Data directory; made on first run, used again later.",
)
def demo(data_dir: Path) -> None:
    """Run the main job once: exam, level, signed certificate, verification.

    Makes a data directory, loads the shipped bank and demo people, starts a server on a free
    loopback port, lets a simulated candidate sit an adaptive exam over HTTP, issues the
    certificate and verifies it. Running it again goes on with the same data.

    \b
    Example:
      certify demo --data var/demo
    """
    installation = open_installation(data_dir, log_level="WARNING")
    _step("数据库 Database", str(installation.config.database_url))
    added, _ = installation.prepare()
    context = installation.context
    _step("题库 Item bank", f"{added} 道新题 new items; 参数为专家暂定值 provisional parameters")
    people = prepare_demo_people(context)
    _step("人员 People", ", ".join(person.username for person in people))
    student = next(person for person in people if "student" in person.roles)
    result = _sit_exam(installation, student)
    _report(installation, student, result)


def _sit_exam(installation: Installation, student: Person) -> ResultView:
    server = make_server(installation, "127.0.0.1", 0)
    # It serves until the process ends: closing it would race with answers on their way out.
    threading.Thread(target=server.run, daemon=True).start()
    client = ApiClient(f"http://127.0.0.1:{server.effective_port}/api/v1")
    _step("服务 Server", f"http://127.0.0.1:{server.effective_port}")
    client.log_in(student.username, DEMO_PASSWORD)
    attempt = client.post("/attempts", {"programme": PROGRAMME, "level": LEVEL})
    _step("考生 Candidate", f"{student.display_name}, 真实能力 true ability {ABILITY:+.2f}")
    candidate = SimulatedCandidate(ABILITY, Random(attempt["id"]))  # noqa: S311 - a simulation
    with click.progressbar(length=attempt["max_items"], label="考试 Exam") as bar:
        while attempt["state"] == "running":
            answer = candidate.answer_current_item(installation.context, attempt["id"])
            attempt = client.answer(attempt, answer)
            bar.update(1)
        bar.update((bar.length or 0) - bar.pos)
    return concluded_result(installation.context, student.id, attempt["id"])


def _report(installation: Installation, student: Person, result: ResultView) -> None:
    context, scale = installation.context, result.programme.scale
    click.echo()
    click.echo(convergence_chart(result.report.steps, scale.level(LEVEL).cut))
    placed = result.decision.placed_level
    title = (
        f"{scale.below_title_zh} {scale.below_title_en}"
        if placed == "none"
        else f"{scale.level(placed).title_zh} {scale.level(placed).title_en}"
    )
    _step("等级 Level", f"{title}, 概率 probability {result.decision.probability:.3f}")
    posterior = "  ".join(f"{code} {p:.3f}" for code, p in result.decision.posterior.items())
    _step("后验 Posterior", posterior)
    if result.credential_id is None:
        _step("证书 Certificate", "未颁发 none: no level was reached this time; run the demo again")
    else:
        path = _export(installation, student, result.credential_id)
        report = verify_file(context, path.read_bytes())
        passed = sum(check.result == "passed" for check in report.checks)
        _step("验证 Verified", f"{report.status}, {passed} of {len(report.checks)} checks passed")
        _step("证书 Certificate", str(path))
    data = installation.config.data_dir
    click.echo()
    click.echo(f"下一步 Next:  certify serve --data {data}")
    click.echo(
        f"             登录 log in as student, teacher, auditor, centre or admin, "
        f"password {DEMO_PASSWORD}"
    )


def _export(installation: Installation, holder: Person, credential_id: str) -> Path:
    stored = get_own_certificate(installation.context, holder.id, credential_id)
    folder = installation.config.data_dir / "certificates"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{credential_id}.pdf"
    path.write_bytes(stored.pdf)
    return path


def _step(label: str, text: str) -> None:
    click.echo(f"{click.style(label, bold=True)}: {text}")

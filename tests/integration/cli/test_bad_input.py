"""Bad input at the command line: one line of what, where and what to do, and exit status 2."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from importlib import resources
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from certify.cli.main import main
from tests.servers import clean_environment, free_port

ASSETS = Path(__file__).resolve().parents[2] / "assets" / "grading"


def run(home: Path, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run `certify` as a person would, in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "certify", *arguments],
        env=clean_environment(home, **settings),
        cwd=home,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        timeout=60,
        check=False,
    )


def refused(result: subprocess.CompletedProcess[str], *expected: str) -> None:
    """Status 2 and exactly one line on stderr that names what is expected."""
    assert result.returncode == 2, result
    assert "Traceback" not in result.stderr + result.stdout
    lines = result.stderr.strip().splitlines()
    assert len(lines) == 1, result.stderr
    for text in expected:
        assert text in lines[0]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    folder = tmp_path / "home"
    folder.mkdir()
    return folder


@pytest.fixture
def bank_copy(tmp_path: Path) -> Path:
    folder = tmp_path / "bank"
    with resources.as_file(resources.files("question_bank") / "content") as content:
        shutil.copytree(content, folder)
    return folder


def test_database_url_that_is_no_url(home: Path) -> None:
    result = run(home, "db", "upgrade", DATABASE_URL="nonsense")
    refused(result, "CERTIFY_DATABASE_URL", "nonsense")


def test_database_server_that_does_not_answer(home: Path) -> None:
    url = f"postgresql://nobody:secret@127.0.0.1:{free_port()}/nothing"
    result = run(home, "db", "upgrade", DATABASE_URL=url)
    refused(result, "127.0.0.1", "CERTIFY_DATABASE_URL")
    assert "secret" not in result.stderr


def test_port_in_use(home: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        refused(run(home, "serve", "--port", port), port, "--port")


def test_port_that_is_no_number(home: Path) -> None:
    refused(run(home, "serve", PORT="http"), "CERTIFY_PORT", "whole number", "'http'")


def test_host_that_does_not_exist(home: Path) -> None:
    refused(run(home, "serve", "--host", "999.1.1.1", "--port", "0"), "999.1.1.1", "--host")


@pytest.mark.parametrize(
    ("setting", "found", "expected"),
    [
        ("LANGUAGE", "fr", "zh_Hans_CN, en"),
        ("TIME_ZONE", "Mars", "Asia/Shanghai"),
        ("TIME_ZONE", "Asia", "Asia/Shanghai"),
        ("PUBLIC_URL", "exams", "https://HOST"),
    ],
)
def test_setting_that_means_nothing(home: Path, setting: str, found: str, expected: str) -> None:
    result = run(home, "db", "upgrade", **{setting: found})
    refused(result, f"CERTIFY_{setting}", found, expected)


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (("grade", "answers.csv"), "--key"),
        (("nonsense",), "nonsense"),
        (("--nonsense",), "--nonsense"),
        (("user", "add"), "USERNAME"),
        (("bank", "validate", "nowhere"), "nowhere"),
    ],
)
def test_command_line_that_does_not_fit(
    home: Path, arguments: tuple[str, ...], expected: str
) -> None:
    refused(run(home, *arguments), expected, "--help`")


def test_password_that_nobody_can_type(home: Path) -> None:
    command = ("user", "add", "wang", "--name", "王芳", "--role", "teacher")
    data = str(home / "data")
    assert run(home, "db", "upgrade", "--data", data).returncode == 0
    refused(run(home, *command, "--data", data), "--password")


def test_release_without_a_title(home: Path) -> None:
    data = str(home / "data")
    assert run(home, "db", "upgrade", "--data", data).returncode == 0
    refused(run(home, "bank", "release", "--title", " ", "--data", data), "title", "80 characters")


def test_data_directory_that_cannot_be_made(home: Path) -> None:
    (home / "file").write_text("in the way")
    refused(run(home, "db", "upgrade", "--data", str(home / "file" / "below")), "--data")


def test_database_that_was_never_migrated(home: Path) -> None:
    result = run(home, "bank", "release", "--title", "first", "--data", str(home / "new"))
    refused(result, "certify db upgrade")


def test_unreadable_csv(home: Path) -> None:
    result = run(
        home,
        *("grade", str(ASSETS / "binary_file.csv"), "--key", str(ASSETS / "key.csv")),
        *("--out", str(home / "out")),
    )
    refused(result, "binary_file.csv")
    assert not (home / "out").exists()


def test_key_that_misses_questions(home: Path) -> None:
    result = run(
        home,
        *("grade", str(ASSETS / "clean.csv"), "--key", str(ASSETS / "key_misses_question.csv")),
        *("--out", str(home / "out")),
    )
    refused(result, "key_misses_question.csv")
    assert not (home / "out").exists()


def test_item_without_a_key(home: Path, bank_copy: Path) -> None:
    path = bank_copy / "S" / "01.yaml"
    text = path.read_text("utf-8")
    first_item, _second_item, *_ = text.split("  - id: ")[1:]
    path.write_text(
        text.replace(first_item, first_item.replace("correct: true, ", "")), encoding="utf-8"
    )
    result = run(home, "bank", "validate", str(bank_copy))
    assert result.returncode == 2
    assert "01-001 [KEY] no answer key; mark what is right" in result.stdout


def test_blueprint_that_the_bank_cannot_satisfy(home: Path, bank_copy: Path) -> None:
    shutil.rmtree(bank_copy / "e")
    result = run(home, "bank", "validate", str(bank_copy))
    assert result.returncode == 2
    assert (
        "estorm-comprehensive/1/novice: dimension e needs 6 items, the bank release has 0"
        in result.stdout
    )


def test_content_file_that_is_no_yaml(home: Path, bank_copy: Path) -> None:
    (bank_copy / "S" / "01.yaml").write_text("node: [", encoding="utf-8")
    refused(run(home, "bank", "validate", str(bank_copy)), "01.yaml")


def test_certificate_that_is_no_pdf(home: Path) -> None:
    (home / "letter.pdf").write_text("Dear verifier,")
    refused(run(home, "certificate", "verify", str(home / "letter.pdf")), "letter.pdf", "PDF")


def test_certificate_that_is_not_there(home: Path) -> None:
    refused(
        run(home, "certificate", "verify", str(home / "none.pdf")), "none.pdf", "cannot be read"
    )


def test_attempt_that_does_not_exist(home: Path) -> None:
    data = str(home / "data")
    assert run(home, "db", "upgrade", "--data", data).returncode == 0
    refused(run(home, "exam", "replay", "nothing", "--data", data), "nothing")


def test_user_name_that_is_taken(home: Path) -> None:
    data = str(home / "data")
    assert run(home, "db", "upgrade", "--data", data).returncode == 0
    command = ("user", "add", "wang", "--name", "王芳", "--role", "teacher")
    given = (*command, "--password", "long enough", "--data", data)
    assert run(home, *given).returncode == 0
    refused(run(home, *given), "wang")


def test_password_that_is_too_short(home: Path) -> None:
    data = str(home / "data")
    assert run(home, "db", "upgrade", "--data", data).returncode == 0
    command = ("user", "add", "wang", "--name", "王芳", "--role", "teacher", "--password", "short")
    refused(run(home, *command, "--data", data), "password", "8 characters")


def commands(group: click.Group, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Every command below a group, by its words."""
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        if isinstance(command, click.Group):
            yield from commands(command, (*path, name))
        else:
            yield (*path, name)


@pytest.mark.parametrize("words", list(commands(main)), ids=" ".join)
def test_every_command_explains_itself(words: tuple[str, ...]) -> None:
    result = CliRunner().invoke(main, [*words, "--help"])
    assert result.exit_code == 0
    assert "Example" in result.output

"""Puts finished files into a directory so that no file there is ever half-written.

All files are written to a temporary directory on the same volume first. A new target appears
whole, by one rename; in an existing one each file is replaced by one rename, in the order
given, so that the last one (the summary) vouches for the others.
"""

import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from certify.grading.errors import OutputNotWritable


def publish(files: Mapping[str, bytes], directory: Path) -> None:
    """Write every file into `directory`, made if absent; raises OutputNotWritable."""
    try:
        if directory.exists() and not directory.is_dir():
            raise OutputNotWritable(directory=directory, reason="it is a file")
        directory.parent.mkdir(parents=True, exist_ok=True)
        _publish(files, directory)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise OutputNotWritable(directory=directory, reason=reason) from error


def _publish(files: Mapping[str, bytes], directory: Path) -> None:
    resolved = directory.resolve()
    exists = resolved.exists()
    beside = resolved if exists else resolved.parent
    temporary = Path(tempfile.mkdtemp(prefix=f".{resolved.name}-", dir=beside))
    # mkdtemp makes a private directory; the one inside gets the usual permissions.
    staging = temporary / "files"
    try:
        staging.mkdir()
        for name, content in files.items():
            _write(staging / name, content)
        if exists:
            for name in files:
                (staging / name).replace(resolved / name)
        else:
            staging.replace(resolved)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def _write(path: Path, content: bytes) -> None:
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())

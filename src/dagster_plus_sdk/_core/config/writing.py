"""Write a configuration file: whole or not at all, for the user's eyes alone, and one writer after the other."""

from __future__ import annotations

import os
from contextlib import contextmanager, suppress

from ..errors import ConfigurationError
from .reading import read_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Generator

#: Seconds to wait for another writer, and between two looks.
_PATIENCE, _PAUSE = 10.0, 0.05
_PRIVATE_FOLDER = 0o700


def rewrite(path: str, change: Callable[[str], str], *, is_rehearsal: bool = False) -> bool:
    """Change the text of a file, which may not be there yet.

    A link stays one: what it leads to is written. Folders that are made are the user's alone, and so is the file, from now
    on if it was not.

    Args:
        path: The file.
        change: Returns the new text for the old one.
        is_rehearsal: Do all but the writing, to know beforehand what would go wrong.

    Returns:
        Whether anything had to be changed.

    Raises:
        ConfigurationError: It cannot be read or written, or another process writes it all the time; it is as it was then.
    """
    target = os.path.realpath(path)
    folder = os.path.dirname(target)  # noqa: PTH120 (pathlib costs start-up)
    problem = ""
    try:
        make_folder(folder)
        with _alone(folder):
            before = read_text(path)
            after = change(before)
            if after != before:
                _check_writable(target, folder)
                if not is_rehearsal:
                    replace(target, after)
            return after != before
    except (OSError, UnicodeEncodeError) as error:
        problem = getattr(error, "strerror", None) or "what is to be stored is no UTF-8 text"
    # Raised outside the handler: an encoding error carries all of the text, tokens included.
    raise ConfigurationError(f"{path} cannot be written: {problem}. Nothing was changed.")


def make_folder(folder: str) -> None:
    """Make a folder, and those above it that are not there, for the user alone."""
    if not os.path.isdir(folder):  # noqa: PTH112
        parent = os.path.dirname(folder)  # noqa: PTH120
        if parent != folder:
            make_folder(parent)
        with suppress(FileExistsError):  # another process was quicker
            os.mkdir(folder, _PRIVATE_FOLDER)  # noqa: PTH102
        if not os.path.isdir(folder):  # noqa: PTH112
            raise NotADirectoryError(20, f"{folder} is no folder")


def _check_writable(target: str, folder: str) -> None:
    """Refuse to replace what its owner has made read-only: the folder's permission would be enough for that."""
    if os.path.exists(target) and not os.stat(target).st_mode & 0o222:  # noqa: PTH110, PTH116
        raise PermissionError(13, "it is read-only")
    if not os.access(folder, os.W_OK):
        raise PermissionError(13, f"nothing can be written in {folder}")


def replace(target: str, text: str, *, is_lasting: bool = True) -> None:
    """Put a new file in the place of the old one, in one step; nobody else may read it, from the first byte on.

    Args:
        target: The file.
        text: What is to be in it.
        is_lasting: Wait until the disk has it.
    """
    from tempfile import mkstemp

    number, name = mkstemp(prefix=".dplus-", dir=os.path.dirname(target))  # noqa: PTH120
    try:
        with open(number, "w", encoding="utf-8", newline="") as file:  # noqa: PTH123
            file.write(text)
            file.flush()
            if is_lasting:
                os.fsync(number)
        os.replace(name, target)  # noqa: PTH105
    except BaseException:
        with suppress(OSError):
            os.unlink(name)  # noqa: PTH108
        raise


@contextmanager
def _alone(folder: str) -> Generator[None, None, None]:
    """Let one process at a time write in a folder, where the system has such locks; no file is left behind."""
    try:
        import fcntl
    except ImportError:  # Windows
        yield
        return
    number = os.open(folder, os.O_RDONLY)
    try:
        _lock(number, fcntl.LOCK_EX | fcntl.LOCK_NB, fcntl.flock)
        yield
    finally:
        os.close(number)


def _lock(number: int, how: int, flock: Callable[[int, int], object]) -> None:
    from time import monotonic, sleep

    end = monotonic() + _PATIENCE
    while True:
        try:
            flock(number, how)
        except BlockingIOError:  # noqa: PERF203 - it waits anyway
            if monotonic() > end:
                raise BlockingIOError(11, "another process is writing there") from None
            sleep(_PAUSE)
        except OSError:  # the file system has no locks
            return
        else:
            return

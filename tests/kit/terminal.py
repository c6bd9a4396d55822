"""A terminal for a command, and what is seen on it."""

from __future__ import annotations

import os
import pty
import re
import select
import subprocess
import sys
import time
from codecs import getincrementaldecoder


def until(condition, seconds=60.0):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.005)


def screen_of(sent: str) -> list[str]:
    """Return the lines that a terminal shows, by carriage returns and line feeds alone, without their colours."""
    sent = re.sub(r"\x1b\[\d+m", "", sent)
    assert "\x1b" not in sent
    lines, column = [[]], 0
    for char in sent:
        if char == "\n":
            lines.append([])
            column = 0
        elif char == "\r":
            column = 0
        else:
            row = lines[-1]
            row[column : column + 1] = [char]
            column += 1
    return ["".join(row).rstrip() for row in lines]


class OnTerminal:
    """A command whose stderr, or whole output, is a terminal; with a keyboard it reads from there, too."""

    def __init__(self, *words, url, whole=False, keyboard=False):
        main, other = pty.openpty()
        self._main = main
        env = {**os.environ, "DAGSTER_GRAPHQL_URL": url, "TERM": "xterm", "COLUMNS": "100"}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "dagster_plus_sdk", *words],
            env=env, stdin=other if keyboard else subprocess.DEVNULL, stderr=other,
            stdout=other if whole else subprocess.PIPE, text=True,
        )  # fmt: skip
        os.close(other)
        # What is read may end within a character.
        self._decode = getincrementaldecoder("utf-8")().decode
        self.sent = ""

    def type(self, text):
        """Type something."""
        os.write(self._main, text.encode())

    def read(self, wanted=None, seconds=60.0):
        """Read until a text has come, or something of a pattern; or to the end."""
        pattern = re.compile(re.escape(wanted)) if isinstance(wanted, str) else wanted
        end = time.monotonic() + seconds
        while pattern is None or not pattern.search(self.sent):
            assert time.monotonic() < end, self.sent
            if not select.select([self._main], [], [], 0.05)[0]:
                continue
            try:
                data = os.read(self._main, 4096)
            except OSError:  # the other end is closed
                data = b""
            if not data:
                assert wanted is None, self.sent
                break
            self.sent += self._decode(data)
        return self.sent

    def end(self):
        """Return the exit code, stdout, and the lines on the screen."""
        self.read()
        out = self.process.communicate(timeout=60)[0] or ""
        code = self.process.returncode
        os.close(self._main)
        return code, out, screen_of(self.sent.replace("\r\n", "\n"))

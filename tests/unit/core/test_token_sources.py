"""Tokens that change: callables and files, across threads, forks and event loops."""

import multiprocessing
import os
import threading
import time
from datetime import datetime, timedelta, timezone
from pathlib import Path

import anyio
import pytest

from dagster_plus_sdk._core import token_sources
from dagster_plus_sdk._core.auth import BearerAuth, TokenAuth
from dagster_plus_sdk._core.errors import AuthenticationError, ConfigurationError

CANARY = "canary-7f3a"
HEADER = "Dagster-Cloud-Api-Token"


class Counter:
    """A token callable that counts: token-1, token-2, ..."""

    def __init__(self, lifetime=None, delay=0.0):
        self.calls, self.lifetime, self.delay = 0, lifetime, delay

    def __call__(self):
        self.calls += 1
        token = f"token-{self.calls}"
        time.sleep(self.delay)
        return token if self.lifetime is None else (token, time.time() + self.lifetime)


class AsyncCounter(Counter):
    async def __call__(self):
        self.calls += 1
        token = f"token-{self.calls}"
        await anyio.sleep(self.delay)
        return token


def test_a_callable_is_asked_again_only_when_refused():
    source = Counter()
    auth = BearerAuth(source)
    first = auth.headers()
    assert (auth.headers(), source.calls) == (first, 1)
    assert auth.refused(first) is True
    second = auth.headers()
    assert (second, source.calls) == ({"Authorization": "Bearer token-2"}, 2)
    assert auth.refused(first) is True  # refused late: already renewed
    assert (auth.headers(), source.calls) == (second, 2)
    assert auth.refused({}) is True
    assert (auth.headers(), source.calls) == (second, 2)


@pytest.mark.parametrize(
    ("lifetime", "age", "calls"), [(3600, 3560, 1), (3600, 3571, 2), (10, 8, 1), (10, 9.5, 2)]
)
def test_a_callable_is_asked_again_shortly_before_the_token_expires(
    monkeypatch, lifetime, age, calls
):
    now = time.time()
    monkeypatch.setattr(token_sources.time, "time", lambda: now)
    source = Counter(lifetime)
    auth = TokenAuth(source)
    auth.headers()
    monkeypatch.setattr(token_sources.time, "time", lambda: now + age)
    auth.headers()
    assert source.calls == calls


def test_an_expiry_may_be_a_datetime():
    soon = datetime.now(timezone.utc) + timedelta(hours=1)
    for expires_at, calls in ((soon, 1), (soon - timedelta(hours=2), 2), (None, 1)):
        source = Counter()
        auth = TokenAuth(lambda s=source, e=expires_at: (s(), e))
        auth.headers()
        auth.headers()
        assert source.calls == calls


def test_a_failing_callable_is_an_authentication_error_that_keeps_the_cause():
    def fail():
        raise ValueError(CANARY)

    with pytest.raises(AuthenticationError, match="failed with ValueError") as caught:
        TokenAuth(fail).headers()
    assert CANARY not in str(caught.value)
    assert isinstance(caught.value.__cause__, ValueError)


def test_a_callable_that_uses_its_own_client_is_told_so():
    auths = []
    auths.append(TokenAuth(lambda: auths[0].headers()[HEADER]))
    with pytest.raises(AuthenticationError) as caught:
        auths[0].headers()
    assert "the very client" in str(caught.value.__cause__)


def test_an_async_callable_needs_the_async_client():
    with pytest.raises(ConfigurationError, match="AsyncDagsterPlus"):
        TokenAuth(AsyncCounter()).headers()

    class Awaitable:
        def __await__(self):
            yield

    with pytest.raises(ConfigurationError, match="AsyncDagsterPlus"):
        TokenAuth(Awaitable).headers()


def test_racing_threads_ask_once_per_renewal():
    source = Counter(delay=0.02)
    auth = TokenAuth(source)
    barrier = threading.Barrier(8)
    seen = []

    def work():
        for _ in range(3):
            barrier.wait()
            headers = auth.headers()
            seen.append(headers[HEADER])
            barrier.wait()
            assert auth.refused(headers)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert source.calls == 3
    assert sorted(seen) == [f"token-{n}" for n in (1, 2, 3) for _ in range(8)]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_a_lock_held_at_a_fork_does_not_block_the_child():
    entered, release = threading.Event(), threading.Event()

    def slow():
        entered.set()
        release.wait(60)
        return "parent"

    auth = TokenAuth(slow)
    thread = threading.Thread(target=auth.headers)
    thread.start()
    entered.wait(60)

    def child():
        release.set()
        os._exit(0 if auth.headers() == {HEADER: "parent"} else 1)

    process = multiprocessing.get_context("fork").Process(target=child)
    process.start()
    process.join(60)
    release.set()
    thread.join()
    assert process.exitcode == 0


def test_a_file_is_read_again_when_it_changes(tmp_path):
    path = tmp_path / "token"
    path.write_text("first\n", encoding="utf-8-sig")
    auth = TokenAuth(path)
    first = auth.headers()
    assert first == {HEADER: "first"}
    assert auth.refused(first) is False
    path.write_text("second-one")
    assert auth.refused(first) is True
    assert auth.headers() == {HEADER: "second-one"}
    path.write_text("third")
    assert auth.headers() == {HEADER: "third"}
    path.write_text("")  # being written anew
    assert auth.headers() == {HEADER: "third"}
    assert auth.refused(auth.headers()) is False
    path.write_text("fourth")
    assert auth.headers() == {HEADER: "fourth"}
    path.unlink()
    assert auth.headers() == {HEADER: "fourth"}
    assert auth.refused(auth.headers()) is False


def test_a_file_of_the_same_size_and_time_is_read_again_when_refused(tmp_path):
    path = tmp_path / "token"
    path.write_text("aaa")
    auth = TokenAuth(path)
    headers = auth.headers()
    status = path.stat()
    path.write_text("bbb")
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert auth.headers() == headers
    assert auth.refused(headers) is True
    assert auth.headers() == {HEADER: "bbb"}


@pytest.mark.parametrize("content", [b"", b" \n", b"a b", b"\xff\xfe", None])
def test_a_file_without_a_token_is_an_error_that_names_it(tmp_path, content):
    path = tmp_path / "token"
    if content is not None:
        path.write_bytes(content + b"\n" + CANARY.encode() if content == b"a b" else content)
    with pytest.raises(ConfigurationError, match="token \\(argument\\): the file") as caught:
        TokenAuth(path).headers()
    assert str(path) in str(caught.value)
    assert CANARY not in str(caught.value)
    assert caught.value.__context__ is None or isinstance(caught.value.__context__, OSError)


def test_a_directory_is_no_token_file(tmp_path):
    with pytest.raises(ConfigurationError, match="cannot be read"):
        TokenAuth(tmp_path).headers()


def test_a_path_may_start_at_home(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    (tmp_path / "token").write_text("abc")
    assert TokenAuth(Path("~/token")).headers() == {HEADER: "abc"}


@pytest.mark.anyio
async def test_racing_tasks_await_once_per_renewal():
    source = AsyncCounter(delay=0.03)
    auth = TokenAuth(source)
    seen = []

    async def work():
        seen.append(await auth.aheaders())

    for calls in (1, 2):
        async with anyio.create_task_group() as group:
            for _ in range(8):
                group.start_soon(work)
        assert source.calls == calls
        assert seen[-8:] == [{HEADER: f"token-{calls}"}] * 8
        assert auth.refused(seen[-1])


@pytest.mark.anyio
async def test_a_cancelled_renewal_leaves_the_way_free():
    asked = anyio.Event()

    async def give():
        if not asked.is_set():
            asked.set()
            await anyio.sleep_forever()
        return "second"

    auth = TokenAuth(give)
    async with anyio.create_task_group() as group:
        group.start_soon(auth.aheaders)
        await asked.wait()
        group.cancel_scope.cancel()
    assert await auth.aheaders() == {HEADER: "second"}


@pytest.mark.anyio
async def test_a_failing_async_callable():
    async def fail():
        raise ValueError(CANARY)

    auth = TokenAuth(fail)
    for _ in range(2):
        with pytest.raises(AuthenticationError, match="failed with ValueError") as caught:
            await auth.aheaders()
        assert CANARY not in str(caught.value)


@pytest.mark.anyio
async def test_an_async_callable_that_uses_its_own_client_is_told_so():
    auths = []

    async def circular():
        return (await auths[0].aheaders())[HEADER]

    auths.append(TokenAuth(circular))
    with anyio.fail_after(60), pytest.raises(AuthenticationError) as caught:
        await auths[0].aheaders()
    assert "the very client" in str(caught.value.__cause__)


def test_a_renewal_that_another_event_loop_awaits_is_waited_for():
    source = AsyncCounter(delay=0.05)
    auth = TokenAuth(source)
    seen = []
    threads = [
        threading.Thread(target=lambda: seen.append(anyio.run(auth.aheaders))) for _ in range(3)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == [{HEADER: "token-1"}] * 3
    assert source.calls == 1

from __future__ import annotations

import asyncio
import json
import os
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import httpx
import pytest
from conftest import Stub, problem

from organizations import (
    AsyncUsageRecorder,
    Client,
    RejectedEvent,
    Retry,
    UnsentUsageError,
    UsageQueueFullError,
    UsageRecorder,
)

Reply = Callable[[httpx.Request, int], httpx.Response | Exception]


def events(request: httpx.Request) -> list[dict[str, Any]]:
    return list(json.loads(request.content)["events"])


def results(request: httpx.Request, status: str = "accepted") -> httpx.Response:
    body = [{"id": event["id"], "status": status} for event in events(request)]
    return httpx.Response(200, json={"results": body})


def accepted(request: httpx.Request, _: int) -> httpx.Response:
    return results(request)


class Recorded:
    def __init__(self, reply: Reply, **options: Any) -> None:
        self.stub = Stub(reply)
        self.rejected: list[RejectedEvent] = []
        self.errors: list[Exception] = []
        client = Client(
            "http://api",
            lambda: "service",
            retry=Retry(attempts=1),
            transport=self.stub.transport,
        )
        self.usage = UsageRecorder(
            client,
            **{
                "on_rejected": self.rejected.append,
                "on_error": self.errors.append,
                "interval": 3600.0,
                **options,
            },
        )

    def reasons(self) -> list[str]:
        return [rejected.reason for rejected in self.rejected]


def test_events_are_sent_together_per_organization() -> None:
    recorded = Recorded(accepted)
    first = recorded.usage.record("org_1", "chat", "0.25", user_id="ann")
    recorded.usage.record("org_2", "chat", "1")
    at = datetime.fromisoformat("2026-11-30T11:00:00+01:00")
    recorded.usage.record("org_1", "chat", "1", id="run-1", timestamp=at)
    assert recorded.usage.waiting == 3
    recorded.usage.close()
    assert [request.url.path for request in recorded.stub.requests] == [
        "/v1/orgs/org_1/usage/events",
        "/v1/orgs/org_2/usage/events",
    ]
    sent = events(recorded.stub.requests[0])
    assert sent[0]["id"] == first
    assert sent[0]["user_id"] == "ann"
    assert sent[1] == {
        "id": "run-1",
        "timestamp": "2026-11-30T10:00:00+00:00",
        "kind": "chat",
        "credits": "1",
    }


def test_a_full_batch_is_sent_at_once_and_a_request_has_at_most_500_events() -> None:
    sent = threading.Event()

    def reply(request: httpx.Request, _: int) -> httpx.Response:
        sent.set()
        return results(request)

    recorded = Recorded(reply, batch_size=3)
    for _ in range(3):
        recorded.usage.record("org_1", "chat", "1")
    assert sent.wait(60)
    recorded.usage.close()
    large = Recorded(accepted)
    for _ in range(1_100):
        large.usage.record("org_1", "chat", "1")
    large.usage.close()
    batches = [events(request) for request in large.stub.requests]
    assert all(len(batch) <= 500 for batch in batches)
    assert len({event["id"] for batch in batches for event in batch}) == 1_100


def test_an_event_is_sent_after_the_interval() -> None:
    sent = threading.Event()

    def reply(request: httpx.Request, _: int) -> httpx.Response:
        sent.set()
        return results(request)

    recorded = Recorded(reply, interval=0.01)
    recorded.usage.record("org_1", "chat", "1")
    assert sent.wait(60)
    recorded.usage.close()


@pytest.mark.parametrize(
    "failure",
    [
        httpx.ConnectError("down"),
        problem(503, "contention"),
        problem(403, "missing_permission"),
        httpx.Response(401, json={"message": "Unauthorized"}),
        httpx.Response(200, json={"results": []}),
        httpx.Response(200, html="<html>"),
        httpx.Response(404, json={"message": "Not Found"}),
        httpx.Response(302, headers={"location": "http://127.0.0.1:9/"}),
    ],
)
def test_after_a_failure_the_same_events_are_sent_again(
    failure: httpx.Response | Exception,
) -> None:
    recorded = Recorded(
        lambda request, count: failure if count == 1 else results(request, "duplicate")
    )
    recorded.usage.record("org_1", "chat", "1")
    recorded.usage.flush()
    assert (recorded.usage.waiting, len(recorded.errors)) == (1, 1)
    recorded.usage.close()
    first, second = recorded.stub.requests
    assert events(first) == events(second)
    assert recorded.rejected == []


def test_events_that_can_never_count_are_removed_and_reported() -> None:
    def reply(request: httpx.Request, _: int) -> httpx.Response:
        body = [{"id": event["id"], "status": event["kind"]} for event in events(request)]
        return httpx.Response(200, json={"results": body})

    recorded = Recorded(reply)
    for kind in ["accepted", "conflict", "too_old", "invalid"]:
        recorded.usage.record("org_1", kind, "1")
    recorded.usage.close()
    assert recorded.reasons() == ["conflict", "too_old", "invalid"]


def test_an_event_that_the_service_cannot_read_is_rejected_alone() -> None:
    def reply(request: httpx.Request, _: int) -> httpx.Response:
        is_bad = any(event["kind"] == "bad" for event in events(request))
        return problem(413, "body_too_large") if is_bad else results(request)

    recorded = Recorded(reply)
    for kind in ["a", "b", "bad", "c", "d"]:
        recorded.usage.record("org_1", kind, "1")
    recorded.usage.close()
    assert [(r.event["kind"], r.reason) for r in recorded.rejected] == [("bad", "body_too_large")]


def test_an_organization_that_is_not_found_keeps_its_events_for_35_days() -> None:
    recorded = Recorded(lambda *_: problem(404, "org_not_found"))
    old = datetime.now(timezone.utc) - timedelta(days=36)
    recorded.usage.record("org_1", "old", "1", timestamp=old)
    recorded.usage.record("org_1", "new", "1")
    recorded.usage.flush()
    assert [(r.event["kind"], r.reason) for r in recorded.rejected] == [("old", "org_not_found")]
    with pytest.raises(UnsentUsageError) as raised:
        recorded.usage.close(timeout=0)
    assert raised.value.count == 1


def test_an_event_that_is_days_ahead_is_rejected() -> None:
    recorded = Recorded(lambda request, _: results(request, "in_future"))
    later = datetime.now(timezone.utc) + timedelta(days=3)
    recorded.usage.record("org_1", "chat", "1", timestamp=later)
    recorded.usage.close()
    assert recorded.reasons() == ["in_future"]


def test_a_failing_organization_does_not_delay_the_others() -> None:
    sent = threading.Event()

    def reply(request: httpx.Request, _: int) -> httpx.Response:
        if "org_1" in request.url.path:
            return problem(503, "contention", retry_after="3600")
        sent.set()
        return results(request)

    recorded = Recorded(reply, batch_size=1)
    recorded.usage.record("org_1", "chat", "1")
    recorded.usage.flush()
    recorded.usage.record("org_2", "chat", "1")
    assert sent.wait(60)
    with pytest.raises(UnsentUsageError):
        recorded.usage.close(timeout=0)
    # The recorder's thread did not send it again: its Retry-After is an hour.
    tries = [request for request in recorded.stub.requests if "org_1" in request.url.path]
    assert len(tries) <= 3


def test_a_flush_of_one_organization_sends_nothing_of_another() -> None:
    def reply(request: httpx.Request, _: int) -> httpx.Response:
        if "org_1" in request.url.path:
            return problem(503, "contention")
        return results(request)

    recorded = Recorded(reply, interval=3600)
    for org_id in ("org_1", "org_1", "org_2"):
        recorded.usage.record(org_id, "chat", "1")
    assert recorded.usage.flush("org_2") == 0
    assert all("org_2" in request.url.path for request in recorded.stub.requests)
    assert recorded.usage.flush("org_1") == 2
    assert recorded.usage.flush("org_3") == 0
    recorded.usage.record("org_2", "chat", "1")
    assert asyncio.run(AsyncUsageRecorder(recorded.usage).flush()) == 2
    with pytest.raises(UnsentUsageError):
        recorded.usage.close(timeout=0)
    with pytest.raises(RuntimeError, match="closed"):
        recorded.usage.flush()


def test_a_flush_of_one_organization_does_not_delay_a_full_batch_of_another() -> None:
    recorded = Recorded(accepted, batch_size=3, interval=3600)
    recorded.usage.record("org_2", "chat", "1")
    recorded.usage.record("org_1", "chat", "1")
    assert recorded.usage.flush("org_1") == 0
    recorded.usage.record("org_2", "chat", "1")
    deadline = time.monotonic() + 60
    while recorded.usage.waiting > 0:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    recorded.usage.close()


def test_recorders_may_share_a_file(tmp_path: Path) -> None:
    path = tmp_path / "usage.sqlite"
    second = Recorded(accepted, path=path)

    def reply(request: httpx.Request, count: int) -> httpx.Response:
        if count == 1:
            # While this request runs, another recorder sends the same event, and a new one arrives.
            second.usage.flush()
            second.usage.record("org_1", "new", "1")
        return results(request)

    first = Recorded(reply, path=path)
    first.usage.record("org_1", "old", "1")
    first.usage.flush()
    assert first.usage.waiting == 1
    second.usage.close()
    kinds = [event["kind"] for request in second.stub.requests for event in events(request)]
    assert kinds == ["old", "new"]
    first.usage.close()


def test_close_ends_at_its_deadline_while_the_service_hangs() -> None:
    released = threading.Event()

    def reply(request: httpx.Request, _: int) -> httpx.Response:
        assert released.wait(60)
        return results(request)

    recorded = Recorded(reply)
    for org_id in ["org_1", "org_2"]:
        recorded.usage.record(org_id, "chat", "1")
    with pytest.raises(UnsentUsageError) as raised:
        recorded.usage.close(timeout=0.1)
    assert raised.value.count == 2
    released.set()
    recorded.usage._thread.join(60)
    # The request that was running has counted. No other request began.
    assert len(recorded.stub.requests) == 1
    with pytest.raises(UnsentUsageError) as again:
        recorded.usage.close()
    assert again.value.count == 1


def test_close_tries_again_until_its_deadline_without_a_hot_loop() -> None:
    recorded = Recorded(lambda *_: problem(503, "contention"))
    recorded.usage.record("org_1", "chat", "1")
    with pytest.raises(UnsentUsageError):
        recorded.usage.close(timeout=3)
    assert 2 <= len(recorded.stub.requests) <= 6


def test_events_that_arrive_during_a_pass_wait_for_the_next() -> None:
    def reply(request: httpx.Request, count: int) -> httpx.Response:
        if count < 5:
            recorded.usage.record("org_1", "more", "1")
        return results(request)

    recorded = Recorded(reply)
    recorded.usage.record("org_1", "chat", "1")
    recorded.usage.record("org_2", "chat", "1")
    recorded.usage.flush()
    assert [request.url.path[9:14] for request in recorded.stub.requests] == ["org_1", "org_2"]
    recorded.usage.close()


def test_an_event_that_cannot_be_sent_is_not_recorded() -> None:
    recorded = Recorded(accepted)
    for bad in ["\ud83d", float("nan")]:
        with pytest.raises(ValueError):
            recorded.usage.record("org_1", "chat", bad)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="no organization"):
        recorded.usage.record("..", "chat", "1")
    assert recorded.usage.waiting == 0
    recorded.usage.close()


def test_a_callback_must_not_call_the_recorder(caplog: pytest.LogCaptureFixture) -> None:
    def flush(_: RejectedEvent) -> None:
        recorded.usage.flush()

    recorded = Recorded(
        lambda request, _: results(request, "invalid"),
        on_rejected=flush,
    )
    recorded.usage.record("org_1", "chat", "1")
    recorded.usage.close()
    assert "must not call it" in caplog.text


def test_a_forked_process_does_not_wait_for_the_recorder() -> None:
    recorded = Recorded(accepted)
    recorded.usage.record("org_1", "chat", "1")
    child = os.fork()
    if child == 0:
        try:
            recorded.usage._at_exit()
            recorded.usage.record("org_1", "chat", "1")
        except RuntimeError:
            os._exit(7)
        os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7
    recorded.usage.close()
    assert len(recorded.stub.requests) == 1


def test_a_queue_that_cannot_remove_reports_it_and_goes_on() -> None:
    recorded = Recorded(accepted)

    def fail(_: list[int]) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    recorded.usage._queue.remove = fail  # type: ignore[method-assign,assignment]
    for _ in range(600):
        recorded.usage.record("org_1", "chat", "1")
    recorded.usage.flush()
    assert len(recorded.errors) >= 2
    assert len({event["id"] for r in recorded.stub.requests for event in events(r)}) == 600
    with pytest.raises(UnsentUsageError):
        recorded.usage.close(timeout=0)


def test_an_event_ahead_of_the_services_clock_is_sent_again_later() -> None:
    recorded = Recorded(
        lambda request, count: results(request, "in_future" if count == 1 else "accepted")
    )
    recorded.usage.record("org_1", "chat", "1")
    recorded.usage.flush()
    assert recorded.usage.waiting == 1
    recorded.usage.close()
    assert recorded.rejected == []


def test_one_organizations_failure_does_not_stop_another() -> None:
    recorded = Recorded(
        lambda request, _: (
            problem(503, "contention") if "org_1" in request.url.path else results(request)
        )
    )
    recorded.usage.record("org_1", "chat", "1")
    recorded.usage.record("org_2", "chat", "1")
    recorded.usage.flush()
    assert recorded.usage.waiting == 1
    with pytest.raises(UnsentUsageError):
        recorded.usage.close(timeout=0)


def test_a_callback_that_fails_stops_nothing(caplog: pytest.LogCaptureFixture) -> None:
    def fail(_: RejectedEvent) -> None:
        raise RuntimeError("the log is full")

    recorded = Recorded(lambda request, _: results(request, "invalid"), on_rejected=fail)
    recorded.usage.record("org_1", "chat", "1")
    recorded.usage.close()
    assert "on_rejected failed" in caplog.text


def test_record_raises_if_the_queue_is_full_or_closed() -> None:
    recorded = Recorded(accepted, capacity=2)
    recorded.usage.record("org_1", "chat", "1")
    recorded.usage.record("org_1", "chat", "1")
    with pytest.raises(UsageQueueFullError):
        recorded.usage.record("org_1", "chat", "1")
    with pytest.raises(ValueError, match="time zone"):
        recorded.usage.record("org_1", "chat", "1", timestamp=datetime(2026, 11, 30))
    with pytest.raises(ValueError, match="timestamp"):
        recorded.usage.record("org_1", "chat", "1", id="run-1")
    recorded.usage.close()
    with pytest.raises(RuntimeError, match="closed"):
        recorded.usage.record("org_1", "chat", "1")


def test_a_queue_in_a_file_survives_the_process(tmp_path: Path) -> None:
    path = tmp_path / "usage.sqlite"
    script = f"""
import os
from organizations import Client, UsageRecorder
usage = UsageRecorder(
    Client("http://127.0.0.1:9", lambda: "t"), on_rejected=print, path={str(path)!r}, interval=3600
)
print(usage.record("org_1", "chat", "1"), flush=True)
os._exit(9)  # as after a crash: nothing is closed
"""
    crashed = subprocess.run([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
    assert crashed.returncode == 9
    recorded = Recorded(accepted, path=path)
    assert recorded.usage.waiting == 1
    recorded.usage.close()
    [request] = recorded.stub.requests
    assert [event["id"] for event in events(request)] == [crashed.stdout.strip()]


def test_a_process_that_ends_without_close_sends_its_events_or_logs(tmp_path: Path) -> None:
    script = """
import httpx
from organizations import Client, Retry, UsageRecorder
client = Client(
    "http://api", lambda: "t", retry=Retry(attempts=1),
    transport=httpx.MockTransport(lambda request: print(request.url.path, flush=True)
        or httpx.Response(200, json={"results": [{"id": "a", "status": "accepted"}]})),
)
UsageRecorder(client, on_rejected=print, interval=3600).record("org_1", "chat", "1")
"""
    ended = subprocess.run([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
    assert ended.stdout == "/v1/orgs/org_1/usage/events\n"


def test_the_async_recorder_does_not_block_the_loop() -> None:
    recorded = Recorded(accepted)

    async def play() -> None:
        async with AsyncUsageRecorder(recorded.usage) as usage:
            await asyncio.gather(*(usage.record("org_1", "chat", "1") for _ in range(20)))

            with pytest.raises(ValueError, match="timestamp"):
                await usage.record("org_1", "chat", "1", id="run-1")

    asyncio.run(play())
    assert sum(len(events(request)) for request in recorded.stub.requests) == 20

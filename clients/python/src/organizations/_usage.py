"""Records usage in batches."""

from __future__ import annotations

import asyncio
import atexit
import json
import logging
import os
import random
import sqlite3
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from types import TracebackType

from . import types
from ._client import Client, idempotency_key
from ._problem import ProblemError

logger = logging.getLogger("organizations")

EVENTS_PER_REQUEST_MAX = 500
BACKOFF_SECONDS_MAX = 60.0
# The recorder tries again after this time even if `Retry-After` is longer.
RETRY_AFTER_SECONDS_MAX = 3600.0
# The service rejects older events, also with the scope `usage:backfill`. Until then, an
# organization may appear, or a setting may be corrected.
EVENT_AGE_MAX = timedelta(days=35)
COUNTED = ("accepted", "duplicate")
# The codes with which the service rejects a body that it will never accept.
REJECTED_BODY = (
    "malformed_json",
    "body_too_large",
    "unsupported_media_type",
    "validation_failed",
)


class UsageQueueFullError(Exception):
    """Too many events wait to be sent. The event is not stored."""


class UnsentUsageError(Exception):
    """Events are left when the recorder is closed. A queue in a file keeps them."""

    def __init__(self, count: int) -> None:
        super().__init__(f"{count} usage events were not sent")
        #: The number of events that are left.
        self.count = count


@dataclass(frozen=True)
class RejectedEvent:
    """An event that the service will never count."""

    org_id: str
    event: types.UsageEvent
    #: The event's status ``voided``, ``conflict``, ``too_many_kinds``, ``too_old``, ``in_future``
    #: (by more than a day) or ``invalid``, or the code of the problem with which the service
    #: rejected the event alone, such as ``org_not_found``.
    reason: str


class _Queue:
    """Events that wait to be sent, in SQLite. A queue in a file may be shared by processes."""

    def __init__(self, path: str | os.PathLike[str]) -> None:
        # A signal handler may call in while its thread holds the lock.
        self._lock = threading.RLock()
        # The number of events of each organization when the queue was closed.
        self._left: dict[str, int] | None = None
        self._db = sqlite3.connect(path, timeout=30, check_same_thread=False)
        # A commit is on the disk when it returns, and stays there after a power failure.
        self._db.execute("PRAGMA synchronous = EXTRA")
        # Numbers are never used again, because another process may still remove an old one.
        self._db.execute(
            "CREATE TABLE IF NOT EXISTS event ("
            "number INTEGER PRIMARY KEY AUTOINCREMENT, org_id TEXT NOT NULL, body TEXT NOT NULL)"
        )
        self._db.execute("CREATE INDEX IF NOT EXISTS by_org ON event (org_id, number)")
        self._db.commit()

    def add(self, org_id: str, event: types.UsageEvent, capacity: int) -> None:
        # As the request encodes it, so that the caller gets the error.
        body = json.dumps(event, ensure_ascii=False, allow_nan=False)
        body.encode()
        with self._lock, self._db:
            inserted = self._db.execute(
                "INSERT INTO event (org_id, body)"
                " SELECT ?, ? WHERE (SELECT count(*) FROM event) < ?",
                (org_id, body, capacity),
            )
            if inserted.rowcount == 0:
                raise UsageQueueFullError(f"{capacity} usage events are waiting")

    def orgs(self) -> dict[str, int]:
        """Returns the organizations with events, and the number of the last event of each."""
        with self._lock:
            rows = self._db.execute(
                "SELECT org_id, max(number) FROM event GROUP BY org_id ORDER BY min(number)"
            )
            return dict(rows.fetchall())

    def batch(self, org_id: str, after: int, last: int) -> list[tuple[int, types.UsageEvent]]:
        with self._lock:
            rows = self._db.execute(
                "SELECT number, body FROM event WHERE org_id = ? AND number > ? AND number <= ?"
                " ORDER BY number LIMIT ?",
                (org_id, after, last, EVENTS_PER_REQUEST_MAX),
            )
            return [(number, json.loads(body)) for number, body in rows.fetchall()]

    def remove(self, numbers: list[int]) -> None:
        with self._lock, self._db:
            self._db.executemany("DELETE FROM event WHERE number = ?", [(n,) for n in numbers])

    def count(self, org_id: str | None = None, last: int | None = None) -> int:
        with self._lock:
            if self._left is not None:
                return sum(n for org, n in self._left.items() if org_id in (None, org))
            (count,) = self._db.execute(
                "SELECT count(*) FROM event"
                " WHERE (?1 IS NULL OR org_id = ?1) AND (?2 IS NULL OR number <= ?2)",
                (org_id, last),
            ).fetchone()
            return int(count)

    def close(self) -> None:
        with self._lock:
            rows = self._db.execute("SELECT org_id, count(*) FROM event GROUP BY org_id")
            self._left = dict(rows.fetchall())
            self._db.close()


class UsageRecorder:
    """Records usage in batches, from a thread of its own. Each event counts once.

    An event gets its id and time in :meth:`record` and keeps them in each attempt. With a ``path``,
    events wait in a file: they survive a crash of the process and of the machine, and the next
    process sends them. Without one, they wait in memory.

    ``on_rejected`` gets each event that the service will never count: log it, because it is removed
    from the queue. ``on_error`` gets the error of a failed request: the events stay in the queue,
    and the recorder sends them again. Both are called from the thread that sends, and must not call
    the recorder.

    Use the recorder as a context manager, or call :meth:`close` before the process ends. Create the
    client and the recorder after a fork, not before. In a signal handler, raise ``SystemExit``
    instead of calling the recorder.
    """

    def __init__(
        self,
        client: Client,
        *,
        on_rejected: Callable[[RejectedEvent], None],
        on_error: Callable[[Exception], None] | None = None,
        path: str | os.PathLike[str] | None = None,
        batch_size: int = 200,
        interval: float = 5.0,
        capacity: int = 100_000,
    ) -> None:
        self._client = client
        self._on_rejected = on_rejected
        self._on_error = on_error or (lambda _: None)
        self._queue = _Queue(":memory:" if path is None else path)
        self._batch_size = min(max(batch_size, 1), EVENTS_PER_REQUEST_MAX)
        self._interval = interval
        self._capacity = capacity
        # By organization with failures: their number in a row, and the time of the next attempt.
        self._failing: dict[str, tuple[int, float]] = {}
        self._pid = os.getpid()
        self._wake = threading.Condition()
        # The state, guarded by `_wake`.
        self._fresh = 0
        self._recording = 0
        self._deadline: float | None = None
        # One thread sends at a time.
        self._sending = threading.Lock()
        self._sender: int | None = None
        self._thread = threading.Thread(target=self._loop, name="usage-recorder", daemon=True)
        self._thread.start()
        atexit.register(self._at_exit)

    def __enter__(self) -> UsageRecorder:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def waiting(self) -> int:
        """The number of events that wait to be sent."""
        return self._queue.count()

    def record(
        self,
        org_id: str,
        kind: str,
        credits: str,
        *,
        resource_id: str | None = None,
        user_id: str | None = None,
        id: str | None = None,
        timestamp: datetime | None = None,
        hold_id: str | None = None,
        final: bool = False,
    ) -> str:
        """Queues an event, and returns its id. The queue has the event when the method returns.

        ``credits`` is a decimal string with at most 6 decimals. Give an ``id`` that is made from
        what happened, such as a run and a sequence number, if your own code may call this twice for
        the same event. It then needs the ``timestamp`` of the usage, too, because the service
        compares both.

        ``hold_id`` is the hold that reserved the credits. A ``final`` event gives its rest back.
        """
        if id is not None and timestamp is None:
            raise ValueError("an id of your own needs the timestamp of the usage")
        if org_id in ("", ".", ".."):
            raise ValueError(f"`{org_id}` is no organization")
        at = timestamp or datetime.now(timezone.utc)
        if at.tzinfo is None:
            raise ValueError("the timestamp needs a time zone")
        event: types.UsageEvent = {
            "id": id or idempotency_key(),
            "timestamp": at.astimezone(timezone.utc).isoformat(),
            "kind": kind,
            "credits": credits,
        }
        if resource_id is not None:
            event["resource_id"] = resource_id
        if user_id is not None:
            event["user_id"] = user_id
        if hold_id is not None:
            event["hold_id"] = hold_id
        if final:
            event["final"] = True
        self._check_process()
        with self._wake:
            if self._deadline is not None:
                raise RuntimeError("the usage recorder is closed")
            self._recording += 1
        try:
            self._queue.add(org_id, event, self._capacity)
        finally:
            with self._wake:
                self._recording -= 1
                self._fresh += 1
                if self._fresh >= self._batch_size or self._deadline is not None:
                    self._wake.notify_all()
        return event["id"]

    def flush(self, org_id: str | None = None) -> int:
        """Sends the waiting events of one organization, or of all, now and at most once.

        Returns how many of them must be sent again: they stay in the queue. A request in progress,
        also of another organization, ends first.
        """
        self._check_process()
        with self._wake:
            if self._deadline is not None:
                raise RuntimeError("the usage recorder is closed")
            if org_id is None:
                self._fresh = 0
        sent = {org: last for org, last in self._queue.orgs().items() if org_id in (None, org)}
        self._send_all(lambda org: org in sent)
        return sum(self._queue.count(org, last) for org, last in sent.items())

    def close(self, timeout: float = 10.0) -> None:
        """Sends the waiting events for at most ``timeout`` seconds, and closes the recorder.

        Raises :class:`UnsentUsageError` if events are left. A request that is running then ends in
        the recorder's thread.
        """
        self._check_process()
        with self._wake:
            if self._deadline is None:
                self._deadline = time.monotonic() + timeout
                self._wake.notify_all()
            left = self._deadline - time.monotonic()
        self._thread.join(max(left, 0.0))
        atexit.unregister(self._at_exit)
        count = self._queue.count()
        if count > 0:
            raise UnsentUsageError(count)

    def _check_process(self) -> None:
        if os.getpid() != self._pid:
            raise RuntimeError("create the usage recorder after the fork")
        if threading.get_ident() == self._sender:
            raise RuntimeError("a callback of the usage recorder must not call it")

    def _at_exit(self) -> None:
        if os.getpid() != self._pid:
            return
        try:
            self.close()
        except Exception:
            logger.exception("the usage recorder was not closed before the process ended")

    def _loop(self) -> None:
        """Sends events until the recorder is closed, and then until none is left or it is time."""
        while True:
            with self._wake:
                if self._deadline is None and self._fresh < self._batch_size:
                    self._wake.wait(self._interval)
                is_closing = self._deadline is not None
                if is_closing:
                    self._wake.wait_for(lambda: self._recording == 0)
            if is_closing:
                break
            self._try_to_send(self._is_due)
        self._try_to_send(lambda _: True)
        while (self._deadline or 0.0) > time.monotonic() and self._count() > 0:
            # Between two passes, an attempt may become due.
            time.sleep(0.05)
            self._try_to_send(self._is_due)
        self._queue.close()

    def _count(self) -> int:
        try:
            return self._queue.count()
        except sqlite3.Error as error:
            self._report_error(error)
            return 1

    def _try_to_send(self, is_due: Callable[[str], bool]) -> None:
        with self._wake:
            self._fresh = 0
        try:
            self._send_all(is_due)
        except Exception as error:  # the queue failed, for example because the disk is full
            self._report_error(error)

    def _is_due(self, org_id: str) -> bool:
        return self._failing.get(org_id, (0, 0.0))[1] <= time.monotonic()

    def _is_late(self) -> bool:
        return self._deadline is not None and time.monotonic() >= self._deadline

    def _send_all(self, is_due: Callable[[str], bool]) -> None:
        with self._sending:
            self._sender = threading.get_ident()
            try:
                orgs = self._queue.orgs()
                self._failing = {org: at for org, at in self._failing.items() if org in orgs}
                for org_id, last in orgs.items():
                    if self._is_late():
                        return
                    if is_due(org_id):
                        self._send_org(org_id, last)
            finally:
                self._sender = None

    def _send_org(self, org_id: str, last: int) -> None:
        asked = None
        try:
            is_done = self._send(org_id, last)
        except Exception as error:
            is_done = False
            if isinstance(error, ProblemError):
                asked = error.retry_after
            self._report_error(error)
        if is_done:
            self._failing.pop(org_id, None)
            return
        failures = self._failing.get(org_id, (0, 0.0))[0] + 1
        backoff = float(2 ** min(failures - 1, 10)) * random.uniform(0.5, 1.0)
        wait = max(min(backoff, BACKOFF_SECONDS_MAX), min(asked or 0.0, RETRY_AFTER_SECONDS_MAX))
        self._failing[org_id] = (failures, time.monotonic() + wait)

    def _send(self, org_id: str, last: int) -> bool:
        """Sends the events of an organization. Returns false if some must be sent again later."""
        after = 0
        is_done = True
        while batch := self._queue.batch(org_id, after, last):
            after = batch[-1][0]
            is_done &= self._send_batch(org_id, batch)
        return is_done

    def _send_batch(self, org_id: str, batch: list[tuple[int, types.UsageEvent]]) -> bool:
        if self._is_late():
            return False
        now = datetime.now(timezone.utc)
        try:
            response = self._client.record_usage(org_id, [event for _, event in batch])
            results = [str(result["status"]) for result in response["results"]]
        except ProblemError as problem:
            if problem.code == "org_not_found":
                # A client without the scope gets the same response, so the setting may be wrong.
                old = [
                    (number, event, problem.code)
                    for number, event in batch
                    if datetime.fromisoformat(event["timestamp"]) < now - EVENT_AGE_MAX
                ]
                self._settle(org_id, old)
                raise
            if problem.code not in REJECTED_BODY and problem.status != 413:
                raise
            if len(batch) > 1:
                # One event is the reason. The others must not be rejected with it.
                half = (len(batch) + 1) // 2
                is_done = self._send_batch(org_id, batch[:half])
                return self._send_batch(org_id, batch[half:]) and is_done
            results = [problem.code]
        if len(results) != len(batch):
            raise ValueError("the response misses results")
        tomorrow = now + timedelta(days=1)
        done = [
            (number, event, reason)
            for (number, event), reason in zip(batch, results, strict=True)
            # The clock of this machine is ahead: the event is sent again later.
            if reason != "in_future" or datetime.fromisoformat(event["timestamp"]) > tomorrow
        ]
        return self._settle(org_id, done) and len(done) == len(batch)

    def _settle(self, org_id: str, done: list[tuple[int, types.UsageEvent, str]]) -> bool:
        """Reports the events that did not count, and removes all. Returns false if that failed.

        The report comes first: a crash after it repeats the report, and loses none.
        """
        for _, event, reason in done:
            if reason not in COUNTED:
                self._report_rejected(RejectedEvent(org_id, event, reason))
        try:
            self._queue.remove([number for number, _, _ in done])
        except sqlite3.Error as error:
            # The events are sent again later, and still count once.
            self._report_error(error)
            return False
        return True

    def _report_error(self, error: Exception) -> None:
        try:
            self._on_error(error)
        except Exception:
            logger.exception("on_error failed")

    def _report_rejected(self, event: RejectedEvent) -> None:
        try:
            self._on_rejected(event)
        except Exception:
            logger.exception("on_rejected failed for %r", event)


class AsyncUsageRecorder:
    """A :class:`UsageRecorder` for asyncio. Its methods do not block the event loop."""

    def __init__(self, recorder: UsageRecorder) -> None:
        self._recorder = recorder

    async def __aenter__(self) -> AsyncUsageRecorder:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def record(
        self,
        org_id: str,
        kind: str,
        credits: str,
        *,
        resource_id: str | None = None,
        user_id: str | None = None,
        id: str | None = None,
        timestamp: datetime | None = None,
        hold_id: str | None = None,
        final: bool = False,
    ) -> str:
        """Queues an event, and returns its id. See :meth:`UsageRecorder.record`."""
        return await asyncio.to_thread(
            self._recorder.record,
            org_id,
            kind,
            credits,
            resource_id=resource_id,
            user_id=user_id,
            id=id,
            timestamp=timestamp or (datetime.now(timezone.utc) if id is None else None),
            hold_id=hold_id,
            final=final,
        )

    async def flush(self, org_id: str | None = None) -> int:
        """Sends the waiting events now, and returns how many must be sent again."""
        return await asyncio.to_thread(self._recorder.flush, org_id)

    async def close(self, timeout: float = 10.0) -> None:
        """Sends the waiting events for at most ``timeout`` seconds, and closes the recorder."""
        await asyncio.to_thread(self._recorder.close, timeout)

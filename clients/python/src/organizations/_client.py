"""The clients."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from datetime import datetime
from typing import Any, TypeVar, cast

import httpx

from . import _operations as operations
from . import types
from ._operations import CHECKS_MAX, Operation
from ._problem import ProblemError, problem_of
from ._retry import Retry

T = TypeVar("T")
# The type of a list's body, whose items have the type `Item`.
Item = TypeVar("Item")


def idempotency_key() -> str:
    """Returns a new key for the header ``Idempotency-Key``: 32 random hex digits."""
    return secrets.token_hex(16)


def _headers(operation: Operation[Any]) -> dict[str, str]:
    headers = {}
    if operation.method != "GET":
        headers["idempotency-key"] = operation.idempotency_key or idempotency_key()
    if operation.version is not None:
        headers["if-match"] = f'"{operation.version}"'
    return headers


def _decoded(response: httpx.Response) -> Any:
    if response.status_code == 204:
        return None
    is_json = "json" in response.headers.get("content-type", "")
    if not response.is_success or not is_json:
        raise problem_of(response)
    return response.json()


class Client:
    """A client of the Organizations API.

    ``token`` returns the access token of a person or of a service client. The client calls it for
    each request and stores no token, so return a cached one. If the API rejects a token and
    ``token`` then returns another one, the client sends the request once more.

    Methods raise :class:`ProblemError` for an error response, and ``httpx.TransportError`` if there
    is no response. A client may be shared by threads.
    """

    def __init__(
        self,
        url: str,
        token: Callable[[], str],
        *,
        retry: Retry | None = None,
        timeout: float = 20.0,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self._token = token
        self._retry = retry or Retry()
        self._http = httpx.Client(base_url=url, timeout=timeout, transport=transport)

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Closes the connections."""
        self._http.close()

    def run(self, operation: Operation[T]) -> T:
        """Sends a request, and returns the body of the response."""
        headers = _headers(operation)
        token = self._token()
        response = self._send(operation, headers, token)
        if response.status_code == 401:
            other = self._token()
            if other != token:
                response = self._send(operation, headers, other)
        return cast(T, _decoded(response))

    def _send(
        self, operation: Operation[Any], headers: dict[str, str], token: str
    ) -> httpx.Response:
        attempt = 1
        while True:
            try:
                response: httpx.Response | None = self._http.request(
                    operation.method,
                    operation.path,
                    params=dict(operation.query),
                    json=operation.body,
                    headers={**headers, "authorization": f"Bearer {token}"},
                )
            except httpx.TransportError:
                response = None
                wait = self._retry.wait_after(attempt, operation.path, None)
                if wait is None:
                    raise
            else:
                wait = self._retry.wait_after(attempt, operation.path, response)
            if wait is None and response is not None:
                return response
            time.sleep(wait or 0.0)
            attempt += 1

    def _items(self, operation: Operation[Any]) -> Iterator[Any]:
        page: Operation[Any] | None = operation
        while page is not None:
            body = self.run(page)
            yield from body["data"]
            page = operations.next_page(page, body)

    def get_me(self) -> types.Me:
        """Returns the caller."""
        return self.run(operations.get_me())

    def create_org(
        self, name: str, *, description: str | None = None, idempotency_key: str | None = None
    ) -> types.Org:
        """Creates an organization, whose owner is the caller."""
        return self.run(operations.create_org(name, description, idempotency_key))

    def get_org(self, org_id: str) -> types.Org:
        """Returns an organization."""
        return self.run(operations.get_org(org_id))

    def list_orgs(self, *, page_size: int = 50) -> Iterator[types.Org]:
        """Returns the caller's organizations, and loads their pages one by one."""
        return self._items(operations.list_orgs(page_size))

    def get_member(self, org_id: str, user_id: str) -> types.Member:
        """Returns a member."""
        return self.run(operations.get_member(org_id, user_id))

    def list_members(
        self,
        org_id: str,
        *,
        role: types.Role | None = None,
        search: str | None = None,
        page_size: int = 50,
    ) -> Iterator[types.Member]:
        """Returns the members, and loads their pages one by one."""
        return self._items(operations.list_members(org_id, role, search, page_size))

    def add_member(
        self,
        org_id: str,
        user_id: str,
        *,
        email: str,
        role: types.Role,
        name: str | None = None,
        idempotency_key: str | None = None,
    ) -> types.Member:
        """Adds a member without an invitation. The scope ``orgs:operate`` is required."""
        return self.run(operations.add_member(org_id, user_id, email, role, name, idempotency_key))

    def change_role(
        self,
        org_id: str,
        user_id: str,
        role: types.Role,
        *,
        version: int | None = None,
        idempotency_key: str | None = None,
    ) -> types.Member:
        """Changes a member's role. With ``version``, only if the member has this version."""
        return self.run(operations.change_role(org_id, user_id, role, version, idempotency_key))

    def remove_member(
        self, org_id: str, user_id: str, *, idempotency_key: str | None = None
    ) -> None:
        """Removes a member."""
        self.run(operations.remove_member(org_id, user_id, idempotency_key))

    def invite_member(
        self,
        org_id: str,
        email: str,
        *,
        role: types.Role | None = None,
        idempotency_key: str | None = None,
    ) -> types.Invitation:
        """Invites a person by e-mail, as a viewer by default."""
        return self.run(operations.invite_member(org_id, email, role, idempotency_key))

    def check_access(
        self, org_id: str, checks: Sequence[types.AccessCheck], *, as_user_id: str | None = None
    ) -> list[types.AccessCheckResult]:
        """Returns the result of each check, in their order. One request has at most 30 checks.

        A service client checks for the member ``as_user_id``.
        """
        results: list[types.AccessCheckResult] = []
        for start in range(0, len(checks), CHECKS_MAX):
            part = checks[start : start + CHECKS_MAX]
            results += self.run(operations.check_access(org_id, part, as_user_id))["results"]
        return results

    def record_usage(
        self, org_id: str, events: Sequence[types.UsageEvent]
    ) -> types.RecordUsageResponse:
        """Records 1 to 500 events, and returns the result of each. See also ``UsageRecorder``."""
        return self.run(operations.record_usage(org_id, events))

    def create_hold(
        self,
        org_id: str,
        hold_id: str,
        credits: str,
        *,
        expires_in: int,
        kind: str | None = None,
        resource_id: str | None = None,
        user_id: str | None = None,
    ) -> types.Hold:
        """Reserves credits of the month's budget for ``expires_in`` seconds.

        The scope ``usage:write`` is required. The same values again return the same hold. See also
        :meth:`hold`.
        """
        return self.run(
            operations.create_hold(org_id, hold_id, credits, expires_in, kind, resource_id, user_id)
        )

    @contextmanager
    def hold(
        self,
        org_id: str,
        hold_id: str,
        credits: str,
        *,
        expires_in: int,
        kind: str | None = None,
        resource_id: str | None = None,
        user_id: str | None = None,
    ) -> Iterator[types.Hold]:
        """Reserves credits for the ``with`` block, and releases the hold on every way out.

        Raises :class:`ProblemError` with the code ``budget_exceeded``, ``budget_held`` or
        ``hold_too_large`` if the budget does not suffice. Record the usage in the block, with
        ``hold_id``: usage that is recorded after the release is not covered by the hold.
        """
        hold = self.create_hold(
            org_id,
            hold_id,
            credits,
            expires_in=expires_in,
            kind=kind,
            resource_id=resource_id,
            user_id=user_id,
        )
        try:
            yield hold
        finally:
            # A hold that cannot be released now expires.
            with suppress(ProblemError, httpx.TransportError):
                self.release_hold(org_id, hold_id)

    def get_hold(self, org_id: str, hold_id: str) -> types.Hold:
        """Returns a hold, with the credits that were captured."""
        return self.run(operations.get_hold(org_id, hold_id))

    def list_holds(self, org_id: str, *, page_size: int = 50) -> Iterator[types.Hold]:
        """Returns the open holds of an organization, and loads their pages one by one."""
        return self._items(operations.list_holds(org_id, page_size))

    def update_hold(
        self,
        org_id: str,
        hold_id: str,
        *,
        credits: str | None = None,
        expires_in: int | None = None,
    ) -> types.Hold:
        """Changes the credits or the expiry of an open hold. ``expires_in`` counts from now."""
        return self.run(operations.update_hold(org_id, hold_id, credits, expires_in))

    def release_hold(self, org_id: str, hold_id: str) -> None:
        """Gives back the credits of a hold that are not captured."""
        self.run(operations.release_hold(org_id, hold_id))

    def void_usage(
        self,
        org_id: str,
        ids: Sequence[str],
        *,
        reason: str | None = None,
        idempotency_key: str | None = None,
    ) -> types.VoidUsageResponse:
        """Removes 1 to 500 recorded events from every total.

        The scope ``usage:void`` is required. The audit log has the ids and the reason.
        """
        return self.run(operations.void_usage(org_id, ids, reason, idempotency_key))

    def query_usage(
        self,
        org_id: str,
        *,
        start: datetime | None = None,
        end: datetime | None = None,
        window: types.UsageWindow | None = None,
        group_by: types.UsageGroupBy | None = None,
        kind: str | None = None,
        resource_id: str | None = None,
        user_id: str | None = None,
        top: int | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> types.UsageReport:
        """Returns the usage of an organization from ``start`` to ``end``: by default, this month.

        ``kind``, ``resource_id`` or ``user_id`` reports a part of it. With ``top``, all groups but
        the largest are added up in rows with ``other``. If ``next_cursor`` is not None, send it as
        ``cursor``, with the same times, to get the next rows.

        A service client needs the scope ``billing:read``.
        """
        part = operations.part(kind, resource_id, user_id, top, limit, cursor)
        return self.run(operations.query_usage(org_id, start, end, window, group_by, part))

    def query_billed_usage(
        self,
        account_id: str,
        *,
        start: datetime | None = None,
        end: datetime | None = None,
        window: types.UsageWindow | None = None,
        group_by: types.AccountUsageGroupBy | None = None,
        kind: str | None = None,
        resource_id: str | None = None,
        user_id: str | None = None,
        top: int | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> types.AccountUsageReport:
        """Returns what an account paid for, in all organizations: by default, this month.

        ``kind``, ``resource_id`` or ``user_id`` reports a part of it. With ``top``, all groups but
        the largest are added up in rows with ``other``. If ``next_cursor`` is not None, send it as
        ``cursor``, with the same times, to get the next rows.

        The scope ``billing:read`` is required.
        """
        part = operations.part(kind, resource_id, user_id, top, limit, cursor)
        return self.run(
            operations.query_billed_usage(account_id, start, end, window, group_by, part)
        )

    def get_statement(
        self, account_id: str, month: str, *, cursor: str | None = None
    ) -> types.Statement:
        """Returns what an account owes for a month, such as ``2026-11``.

        A statement with more than 2,000 lines has several pages: ``cursor`` is the ``next_cursor``
        of the page before. The scope ``billing:read`` is required for the accounts of others.
        """
        return self.run(operations.get_statement(account_id, month, cursor))

    def get_org_statement(
        self, org_id: str, month: str, *, cursor: str | None = None
    ) -> types.Statement:
        """Returns what an organization's own account owes for a month, such as ``2026-11``.

        It has the usage of the time in which the organization paid for itself. ``cursor`` is the
        ``next_cursor`` of the page before. A service client needs the scope ``billing:read``.
        """
        return self.run(operations.get_org_statement(org_id, month, cursor))

    def list_billed_accounts(
        self, month: str, *, page_size: int = 50
    ) -> Iterator[types.BilledAccount]:
        """Returns the accounts with usage in a month, and loads their pages one by one.

        The scope ``billing:read`` is required.
        """
        return self._items(operations.list_billed_accounts(month, page_size))


class AsyncClient:
    """A client of the Organizations API for asyncio. See :class:`Client`.

    ``token`` may be a coroutine function.
    """

    def __init__(
        self,
        url: str,
        token: Callable[[], str | Awaitable[str]],
        *,
        retry: Retry | None = None,
        timeout: float = 20.0,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._get_token = token
        self._retry = retry or Retry()
        self._http = httpx.AsyncClient(base_url=url, timeout=timeout, transport=transport)

    async def __aenter__(self) -> AsyncClient:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Closes the connections."""
        await self._http.aclose()

    async def _token(self) -> str:
        token = self._get_token()
        return token if isinstance(token, str) else await token

    async def run(self, operation: Operation[T]) -> T:
        """Sends a request, and returns the body of the response."""
        headers = _headers(operation)
        token = await self._token()
        response = await self._send(operation, headers, token)
        if response.status_code == 401:
            other = await self._token()
            if other != token:
                response = await self._send(operation, headers, other)
        return cast(T, _decoded(response))

    async def _send(
        self, operation: Operation[Any], headers: dict[str, str], token: str
    ) -> httpx.Response:
        attempt = 1
        while True:
            try:
                response: httpx.Response | None = await self._http.request(
                    operation.method,
                    operation.path,
                    params=dict(operation.query),
                    json=operation.body,
                    headers={**headers, "authorization": f"Bearer {token}"},
                )
            except httpx.TransportError:
                response = None
                wait = self._retry.wait_after(attempt, operation.path, None)
                if wait is None:
                    raise
            else:
                wait = self._retry.wait_after(attempt, operation.path, response)
            if wait is None and response is not None:
                return response
            await asyncio.sleep(wait or 0.0)
            attempt += 1

    async def _items(self, operation: Operation[Any]) -> AsyncIterator[Any]:
        page: Operation[Any] | None = operation
        while page is not None:
            body = await self.run(page)
            for item in body["data"]:
                yield item
            page = operations.next_page(page, body)

    async def get_me(self) -> types.Me:
        """Returns the caller."""
        return await self.run(operations.get_me())

    async def create_org(
        self, name: str, *, description: str | None = None, idempotency_key: str | None = None
    ) -> types.Org:
        """Creates an organization, whose owner is the caller."""
        return await self.run(operations.create_org(name, description, idempotency_key))

    async def get_org(self, org_id: str) -> types.Org:
        """Returns an organization."""
        return await self.run(operations.get_org(org_id))

    def list_orgs(self, *, page_size: int = 50) -> AsyncIterator[types.Org]:
        """Returns the caller's organizations, and loads their pages one by one."""
        return self._items(operations.list_orgs(page_size))

    async def get_member(self, org_id: str, user_id: str) -> types.Member:
        """Returns a member."""
        return await self.run(operations.get_member(org_id, user_id))

    def list_members(
        self,
        org_id: str,
        *,
        role: types.Role | None = None,
        search: str | None = None,
        page_size: int = 50,
    ) -> AsyncIterator[types.Member]:
        """Returns the members, and loads their pages one by one."""
        return self._items(operations.list_members(org_id, role, search, page_size))

    async def add_member(
        self,
        org_id: str,
        user_id: str,
        *,
        email: str,
        role: types.Role,
        name: str | None = None,
        idempotency_key: str | None = None,
    ) -> types.Member:
        """Adds a member without an invitation. The scope ``orgs:operate`` is required."""
        return await self.run(
            operations.add_member(org_id, user_id, email, role, name, idempotency_key)
        )

    async def change_role(
        self,
        org_id: str,
        user_id: str,
        role: types.Role,
        *,
        version: int | None = None,
        idempotency_key: str | None = None,
    ) -> types.Member:
        """Changes a member's role. With ``version``, only if the member has this version."""
        return await self.run(
            operations.change_role(org_id, user_id, role, version, idempotency_key)
        )

    async def remove_member(
        self, org_id: str, user_id: str, *, idempotency_key: str | None = None
    ) -> None:
        """Removes a member."""
        await self.run(operations.remove_member(org_id, user_id, idempotency_key))

    async def invite_member(
        self,
        org_id: str,
        email: str,
        *,
        role: types.Role | None = None,
        idempotency_key: str | None = None,
    ) -> types.Invitation:
        """Invites a person by e-mail, as a viewer by default."""
        return await self.run(operations.invite_member(org_id, email, role, idempotency_key))

    async def check_access(
        self, org_id: str, checks: Sequence[types.AccessCheck], *, as_user_id: str | None = None
    ) -> list[types.AccessCheckResult]:
        """Returns the result of each check, in their order. One request has at most 30 checks.

        A service client checks for the member ``as_user_id``.
        """
        results: list[types.AccessCheckResult] = []
        for start in range(0, len(checks), CHECKS_MAX):
            part = checks[start : start + CHECKS_MAX]
            body = await self.run(operations.check_access(org_id, part, as_user_id))
            results += body["results"]
        return results

    async def record_usage(
        self, org_id: str, events: Sequence[types.UsageEvent]
    ) -> types.RecordUsageResponse:
        """Records 1 to 500 events, and returns the result of each."""
        return await self.run(operations.record_usage(org_id, events))

    async def create_hold(
        self,
        org_id: str,
        hold_id: str,
        credits: str,
        *,
        expires_in: int,
        kind: str | None = None,
        resource_id: str | None = None,
        user_id: str | None = None,
    ) -> types.Hold:
        """Reserves credits of the month's budget for ``expires_in`` seconds.

        The scope ``usage:write`` is required. The same values again return the same hold. See also
        :meth:`hold`.
        """
        return await self.run(
            operations.create_hold(org_id, hold_id, credits, expires_in, kind, resource_id, user_id)
        )

    @asynccontextmanager
    async def hold(
        self,
        org_id: str,
        hold_id: str,
        credits: str,
        *,
        expires_in: int,
        kind: str | None = None,
        resource_id: str | None = None,
        user_id: str | None = None,
    ) -> AsyncIterator[types.Hold]:
        """Reserves credits for the ``async with`` block, and releases the hold on every way out.

        Raises :class:`ProblemError` with the code ``budget_exceeded``, ``budget_held`` or
        ``hold_too_large`` if the budget does not suffice. Record the usage in the block, with
        ``hold_id``: usage that is recorded after the release is not covered by the hold.
        """
        hold = await self.create_hold(
            org_id,
            hold_id,
            credits,
            expires_in=expires_in,
            kind=kind,
            resource_id=resource_id,
            user_id=user_id,
        )
        try:
            yield hold
        finally:
            # A hold that cannot be released now expires.
            with suppress(ProblemError, httpx.TransportError):
                await self.release_hold(org_id, hold_id)

    async def get_hold(self, org_id: str, hold_id: str) -> types.Hold:
        """Returns a hold, with the credits that were captured."""
        return await self.run(operations.get_hold(org_id, hold_id))

    def list_holds(self, org_id: str, *, page_size: int = 50) -> AsyncIterator[types.Hold]:
        """Returns the open holds of an organization, and loads their pages one by one."""
        return self._items(operations.list_holds(org_id, page_size))

    async def update_hold(
        self,
        org_id: str,
        hold_id: str,
        *,
        credits: str | None = None,
        expires_in: int | None = None,
    ) -> types.Hold:
        """Changes the credits or the expiry of an open hold. ``expires_in`` counts from now."""
        return await self.run(operations.update_hold(org_id, hold_id, credits, expires_in))

    async def release_hold(self, org_id: str, hold_id: str) -> None:
        """Gives back the credits of a hold that are not captured."""
        await self.run(operations.release_hold(org_id, hold_id))

    async def void_usage(
        self,
        org_id: str,
        ids: Sequence[str],
        *,
        reason: str | None = None,
        idempotency_key: str | None = None,
    ) -> types.VoidUsageResponse:
        """Removes 1 to 500 recorded events from every total.

        The scope ``usage:void`` is required. The audit log has the ids and the reason.
        """
        return await self.run(operations.void_usage(org_id, ids, reason, idempotency_key))

    async def query_usage(
        self,
        org_id: str,
        *,
        start: datetime | None = None,
        end: datetime | None = None,
        window: types.UsageWindow | None = None,
        group_by: types.UsageGroupBy | None = None,
        kind: str | None = None,
        resource_id: str | None = None,
        user_id: str | None = None,
        top: int | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> types.UsageReport:
        """Returns the usage of an organization from ``start`` to ``end``: by default, this month.

        ``kind``, ``resource_id`` or ``user_id`` reports a part of it. With ``top``, all groups but
        the largest are added up in rows with ``other``. If ``next_cursor`` is not None, send it as
        ``cursor``, with the same times, to get the next rows.

        A service client needs the scope ``billing:read``.
        """
        part = operations.part(kind, resource_id, user_id, top, limit, cursor)
        return await self.run(operations.query_usage(org_id, start, end, window, group_by, part))

    async def query_billed_usage(
        self,
        account_id: str,
        *,
        start: datetime | None = None,
        end: datetime | None = None,
        window: types.UsageWindow | None = None,
        group_by: types.AccountUsageGroupBy | None = None,
        kind: str | None = None,
        resource_id: str | None = None,
        user_id: str | None = None,
        top: int | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> types.AccountUsageReport:
        """Returns what an account paid for, in all organizations: by default, this month.

        ``kind``, ``resource_id`` or ``user_id`` reports a part of it. With ``top``, all groups but
        the largest are added up in rows with ``other``. If ``next_cursor`` is not None, send it as
        ``cursor``, with the same times, to get the next rows.

        The scope ``billing:read`` is required.
        """
        part = operations.part(kind, resource_id, user_id, top, limit, cursor)
        return await self.run(
            operations.query_billed_usage(account_id, start, end, window, group_by, part)
        )

    async def get_statement(
        self, account_id: str, month: str, *, cursor: str | None = None
    ) -> types.Statement:
        """Returns what an account owes for a month, such as ``2026-11``.

        A statement with more than 2,000 lines has several pages: ``cursor`` is the ``next_cursor``
        of the page before. The scope ``billing:read`` is required for the accounts of others.
        """
        return await self.run(operations.get_statement(account_id, month, cursor))

    async def get_org_statement(
        self, org_id: str, month: str, *, cursor: str | None = None
    ) -> types.Statement:
        """Returns what an organization's own account owes for a month, such as ``2026-11``.

        It has the usage of the time in which the organization paid for itself. ``cursor`` is the
        ``next_cursor`` of the page before. A service client needs the scope ``billing:read``.
        """
        return await self.run(operations.get_org_statement(org_id, month, cursor))

    def list_billed_accounts(
        self, month: str, *, page_size: int = 50
    ) -> AsyncIterator[types.BilledAccount]:
        """Returns the accounts with usage in a month, and loads their pages one by one.

        The scope ``billing:read`` is required.
        """
        return self._items(operations.list_billed_accounts(month, page_size))

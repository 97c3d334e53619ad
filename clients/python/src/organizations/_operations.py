"""The operations that the clients offer, as requests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, TypeVar, cast
from urllib.parse import quote

from . import types

T = TypeVar("T")

#: The largest number of checks in one request.
CHECKS_MAX = 30


@dataclass(frozen=True)
class Operation(Generic[T]):
    """A request whose response has the body ``T``.

    ``path`` begins with ``/v1/``, and its ids are quoted: ``urllib.parse.quote(id, safe="")``.
    ``version`` becomes ``If-Match``. A write without an ``idempotency_key`` gets one.
    """

    method: str
    path: str
    query: Mapping[str, str | int] = field(default_factory=dict)
    body: Any = None
    version: int | None = None
    idempotency_key: str | None = None


def _path(root: str, *rest: str) -> str:
    for part in rest:
        # httpx would remove such a segment, and the request would be another operation.
        if part in ("", ".", ".."):
            raise ValueError(f"`{part}` is no id")
    return "/".join([root, *(quote(part, safe="") for part in rest)])


def _org(org_id: str, *rest: str) -> str:
    return _path("/v1/orgs", org_id, *rest)


def _given(**values: Any) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}


def get_me() -> Operation[types.Me]:
    return Operation("GET", "/v1/me")


def create_org(name: str, description: str | None, key: str | None) -> Operation[types.Org]:
    body = _given(name=name, description=description)
    return Operation("POST", "/v1/orgs", body=body, idempotency_key=key)


def get_org(org_id: str) -> Operation[types.Org]:
    return Operation("GET", _org(org_id))


def list_orgs(limit: int) -> Operation[types.OrgList]:
    return Operation("GET", "/v1/orgs", {"limit": limit})


def get_member(org_id: str, user_id: str) -> Operation[types.Member]:
    return Operation("GET", _org(org_id, "members", user_id))


def list_members(
    org_id: str, role: types.Role | None, search: str | None, limit: int
) -> Operation[types.MemberList]:
    return Operation("GET", _org(org_id, "members"), _given(role=role, search=search, limit=limit))


def add_member(
    org_id: str, user_id: str, email: str, role: types.Role, name: str | None, key: str | None
) -> Operation[types.Member]:
    body = _given(user_id=user_id, email=email, role=role, name=name)
    return Operation("POST", _org(org_id, "members"), body=body, idempotency_key=key)


def change_role(
    org_id: str, user_id: str, role: types.Role, version: int | None, key: str | None
) -> Operation[types.Member]:
    path = _org(org_id, "members", user_id)
    return Operation("PATCH", path, body={"role": role}, version=version, idempotency_key=key)


def remove_member(org_id: str, user_id: str, key: str | None) -> Operation[None]:
    return Operation("DELETE", _org(org_id, "members", user_id), idempotency_key=key)


def invite_member(
    org_id: str, email: str, role: types.Role | None, key: str | None
) -> Operation[types.Invitation]:
    body = _given(email=email, role=role)
    return Operation("POST", _org(org_id, "invitations"), body=body, idempotency_key=key)


def check_access(
    org_id: str, checks: Sequence[types.AccessCheck], as_user_id: str | None
) -> Operation[types.CheckAccessResponse]:
    body = _given(checks=list(checks), as_user_id=as_user_id)
    return Operation("POST", _org(org_id, "access"), body=body)


def record_usage(
    org_id: str, events: Sequence[types.UsageEvent]
) -> Operation[types.RecordUsageResponse]:
    return Operation("POST", _org(org_id, "usage", "events"), body={"events": list(events)})


def create_hold(
    org_id: str,
    hold_id: str,
    credits: str,
    expires_in: int,
    kind: str | None,
    resource_id: str | None,
    user_id: str | None,
) -> Operation[types.Hold]:
    body = _given(
        id=hold_id,
        credits=credits,
        expires_in=expires_in,
        kind=kind,
        resource_id=resource_id,
        user_id=user_id,
    )
    return Operation("POST", _org(org_id, "holds"), body=body)


def get_hold(org_id: str, hold_id: str) -> Operation[types.Hold]:
    return Operation("GET", _org(org_id, "holds", hold_id))


def list_holds(org_id: str, page_size: int) -> Operation[types.HoldList]:
    return Operation("GET", _org(org_id, "holds"), {"limit": page_size})


def update_hold(
    org_id: str, hold_id: str, credits: str | None, expires_in: int | None
) -> Operation[types.Hold]:
    body = _given(credits=credits, expires_in=expires_in)
    return Operation("PATCH", _org(org_id, "holds", hold_id), body=body)


def release_hold(org_id: str, hold_id: str) -> Operation[None]:
    return Operation("DELETE", _org(org_id, "holds", hold_id))


def void_usage(
    org_id: str, ids: Sequence[str], reason: str | None, key: str | None
) -> Operation[types.VoidUsageResponse]:
    body: dict[str, Any] = {"ids": list(ids)}
    if reason is not None:
        body["reason"] = reason
    return Operation("POST", _org(org_id, "usage", "void"), body=body, idempotency_key=key)


def _span(
    start: datetime | None,
    end: datetime | None,
    window: types.UsageWindow | None,
    group_by: str | None,
    part: dict[str, str],
) -> dict[str, str]:
    for time in (start, end):
        if time is not None and time.tzinfo is None:
            raise ValueError("a time needs a time zone, such as datetime.timezone.utc")
    query = {**_given(window=window, group_by=group_by), **part}
    if start is not None:
        query["from"] = start.isoformat()
    if end is not None:
        query["to"] = end.isoformat()
    return query


def part(
    kind: str | None,
    resource_id: str | None,
    user_id: str | None,
    top: int | None,
    limit: int | None,
    cursor: str | None,
) -> dict[str, str]:
    """Returns the parameters that select a part of a report."""
    numbers = {"top": top, "limit": limit}
    return {
        **_given(kind=kind, resource_id=resource_id, user_id=user_id, cursor=cursor),
        **{name: str(number) for name, number in numbers.items() if number is not None},
    }


def query_usage(
    org_id: str,
    start: datetime | None,
    end: datetime | None,
    window: types.UsageWindow | None,
    group_by: types.UsageGroupBy | None,
    part: dict[str, str],
) -> Operation[types.UsageReport]:
    return Operation("GET", _org(org_id, "usage"), _span(start, end, window, group_by, part))


def query_billed_usage(
    account_id: str,
    start: datetime | None,
    end: datetime | None,
    window: types.UsageWindow | None,
    group_by: types.AccountUsageGroupBy | None,
    part: dict[str, str],
) -> Operation[types.AccountUsageReport]:
    path = _path("/v1/accounts", account_id, "usage")
    return Operation("GET", path, _span(start, end, window, group_by, part))


def get_statement(account_id: str, month: str, cursor: str | None) -> Operation[types.Statement]:
    query = {} if cursor is None else {"cursor": cursor}
    return Operation("GET", _path("/v1/accounts", account_id, "statements", month), query)


def get_org_statement(org_id: str, month: str, cursor: str | None) -> Operation[types.Statement]:
    query = {} if cursor is None else {"cursor": cursor}
    return Operation("GET", _org(org_id, "statements", month), query)


def list_billed_accounts(month: str, page_size: int) -> Operation[types.BilledAccountList]:
    return Operation("GET", "/v1/accounts", {"month": month, "limit": page_size})


def next_page(operation: Operation[T], body: T) -> Operation[T] | None:
    """Returns the request for the page after ``body``, or None if it was the last page."""
    cursor = cast("dict[str, Any]", body)["next_cursor"]
    if cursor is None:
        return None
    return Operation(operation.method, operation.path, {**operation.query, "cursor": cursor})

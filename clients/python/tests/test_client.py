from __future__ import annotations

import asyncio
import json
from collections.abc import Callable

import httpx
import pytest
from conftest import Stub, problem

from organizations import AsyncClient, Client, ProblemError, Retry

FAST = Retry(backoff=0.001)
ORG = {"id": "org_1", "name": "Acme", "version": 1}
Reply = Callable[[httpx.Request, int], httpx.Response | Exception]


def served(reply: Reply, retry: Retry = FAST) -> tuple[Client, Stub]:
    stub = Stub(reply)
    client = Client("http://api", lambda: "token-1", retry=retry, transport=stub.transport)
    return client, stub


def test_a_request_has_the_token_and_an_encoded_path() -> None:
    client, stub = served(lambda *_: httpx.Response(200, json={"user_id": "a/b"}))
    client.get_member("org_1", "auth0|a/b")
    assert stub.requests[0].url.raw_path == b"/v1/orgs/org_1/members/auth0%7Ca%2Fb"
    assert stub.requests[0].headers["authorization"] == "Bearer token-1"
    assert "idempotency-key" not in stub.requests[0].headers


def test_an_id_that_would_change_the_path_is_rejected() -> None:
    client, stub = served(lambda *_: httpx.Response(204))
    for user_id in ["", ".", ".."]:
        with pytest.raises(ValueError):
            client.remove_member("org_1", user_id)
    assert stub.requests == []


def test_an_error_response_is_raised_with_its_code() -> None:
    client, _ = served(lambda *_: problem(409, "last_owner"))
    with pytest.raises(ProblemError) as raised:
        client.remove_member("org_1", "ann")
    assert (raised.value.status, raised.value.code) == (409, "last_owner")
    assert raised.value.problem["request_id"] == "r1"


def test_a_write_is_repeated_with_the_same_key_and_body() -> None:
    def reply(_: httpx.Request, count: int) -> httpx.Response | Exception:
        if count == 1:
            return problem(503, "contention", retry_after="0")
        if count == 2:
            return httpx.ConnectError("lost")
        return httpx.Response(201, json=ORG)

    client, stub = served(reply)
    assert client.create_org("Acme")["id"] == "org_1"
    assert len({request.headers["idempotency-key"] for request in stub.requests}) == 1
    assert [json.loads(request.content) for request in stub.requests] == [{"name": "Acme"}] * 3
    client.create_org("Acme", idempotency_key="mine")
    assert stub.requests[3].headers["idempotency-key"] == "mine"


def test_the_last_error_is_raised_and_a_client_error_is_not_repeated() -> None:
    client, stub = served(lambda *_: problem(500, "internal_error"))
    with pytest.raises(ProblemError, match="internal_error"):
        client.get_me()
    assert len(stub.requests) == 3
    client, stub = served(lambda *_: problem(404, "org_not_found"))
    with pytest.raises(ProblemError):
        client.get_org("org_1")
    assert len(stub.requests) == 1
    client, stub = served(lambda *_: httpx.ConnectError("down"))
    with pytest.raises(httpx.ConnectError):
        client.get_me()
    assert len(stub.requests) == 3


def test_a_long_retry_after_is_not_waited_for() -> None:
    for value in ["3600", "Wed, 01 Jan 2200 00:00:00 GMT"]:
        client, stub = served(
            lambda *_, value=value: problem(429, "rate_limited", retry_after=value)
        )
        with pytest.raises(ProblemError, match="rate_limited"):
            client.invite_member("org_1", "bob@example.com")
        assert len(stub.requests) == 1


def test_bulk_invitations_are_repeated_after_429_only() -> None:
    path = "/v1/orgs/org_1/invitations/bulk"
    retry = Retry(backoff=0)
    assert retry.wait_after(1, path, httpx.Response(503)) is None
    assert retry.wait_after(1, path, None) is None
    assert retry.wait_after(1, path, httpx.Response(429)) == 0
    assert retry.wait_after(1, "/v1/orgs/org_1/invitations", None) == 0
    assert retry.wait_after(3, "/v1/orgs", None) is None


def test_after_401_the_request_is_sent_once_more_with_another_token() -> None:
    tokens = iter(["old", "new", "new", "new"])
    stub = Stub(
        lambda request, _: (
            httpx.Response(200, json=ORG)
            if request.headers["authorization"] == "Bearer new"
            else httpx.Response(401, json={"message": "Unauthorized"})
        )
    )
    client = Client("http://api", lambda: next(tokens), transport=stub.transport)
    client.change_role("org_1", "bob", "viewer", version=3)
    assert [request.headers["if-match"] for request in stub.requests] == ['"3"', '"3"']
    client, stub = served(lambda *_: httpx.Response(401, json={"message": "Unauthorized"}))
    with pytest.raises(ProblemError, match="unauthorized"):
        client.get_me()
    assert len(stub.requests) == 1


def test_responses_that_are_not_the_services_own_are_gateway_errors() -> None:
    for response in [
        httpx.Response(502, html="<html>"),
        httpx.Response(200, html="<html>"),
        httpx.Response(403, json={"message": "Forbidden"}),
        httpx.Response(403, json=[1]),
    ]:
        client, _ = served(lambda *_, response=response: response)
        with pytest.raises(ProblemError, match="gateway_error"):
            client.get_me()


def paged(request: httpx.Request, _: int) -> httpx.Response:
    if "cursor=two" in str(request.url):
        return httpx.Response(200, json={"data": [{"user_id": "c"}], "next_cursor": None})
    data = [{"user_id": "a"}, {"user_id": "b"}]
    return httpx.Response(200, json={"data": data, "next_cursor": "two"})


def test_a_list_loads_its_pages_one_by_one() -> None:
    client, stub = served(paged)
    members = client.list_members("org_1", role="viewer", page_size=2)
    assert next(members)["user_id"] == "a"
    assert len(stub.requests) == 1
    assert [member["user_id"] for member in members] == ["b", "c"]
    assert stub.requests[1].url.query == b"role=viewer&limit=2&cursor=two"


def test_checks_are_split_into_requests_of_thirty() -> None:
    def reply(request: httpx.Request, _: int) -> httpx.Response:
        checks = json.loads(request.content)["checks"]
        return httpx.Response(200, json={"results": [{"code": c["action"]} for c in checks]})

    client, stub = served(reply)
    results = client.check_access("org_1", [{"action": str(n)} for n in range(35)])
    assert [result["code"] for result in results] == [str(n) for n in range(35)]
    assert len(stub.requests) == 2


def test_the_async_client_does_the_same() -> None:
    async def play() -> None:
        async def token() -> str:
            return "token-1"

        lost = Stub(
            lambda _, count: (
                httpx.ConnectError("lost") if count == 1 else httpx.Response(201, json=ORG)
            )
        )
        async with AsyncClient("http://api", token, retry=FAST, transport=lost.transport) as client:
            assert (await client.create_org("Acme"))["id"] == "org_1"
        assert len({request.headers["idempotency-key"] for request in lost.requests}) == 1
        stub = Stub(paged)
        async with AsyncClient("http://api", lambda: "t", transport=stub.transport) as client:
            assert [m["user_id"] async for m in client.list_members("org_1")] == ["a", "b", "c"]
        failing = Stub(lambda *_: problem(404, "org_not_found"))
        async with AsyncClient("http://api", lambda: "t", transport=failing.transport) as client:
            with pytest.raises(ProblemError, match="org_not_found"):
                await client.get_org("org_1")

    asyncio.run(play())


def test_both_clients_have_the_same_methods() -> None:
    def names(kind: type) -> set[str]:
        return {name for name in vars(kind) if not name.startswith("_")}

    assert names(Client) - {"close"} == names(AsyncClient) - {"aclose"}

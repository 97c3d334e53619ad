from __future__ import annotations

import os
import uuid
from collections.abc import Callable
from typing import Any

import httpx
import pytest

URL = os.environ.get("ORGS_URL", "")

needs_host = pytest.mark.skipif(
    not URL, reason="set ORGS_URL to the URL of a local host: cargo run"
)


def token(**claims: Any) -> str:
    """Returns a token of the local host."""
    return str(httpx.post(f"{URL}/local/token", json=claims).json()["access_token"])


def person(name: str) -> tuple[str, str]:
    """Returns a new person's user id and token."""
    user_id = f"{name}-{uuid.uuid4().hex}"
    email = f"{user_id}@example.com"
    return user_id, token(sub=user_id, email=email, email_verified=True, name=name)


class Stub:
    """A transport that answers with ``reply``, and records the requests."""

    def __init__(self, reply: Callable[[httpx.Request, int], httpx.Response | Exception]) -> None:
        self.requests: list[httpx.Request] = []
        self._reply = reply

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        answer = self._reply(request, len(self.requests))
        if isinstance(answer, Exception):
            raise answer
        return answer

    @property
    def transport(self) -> httpx.MockTransport:
        return httpx.MockTransport(self)


def problem(status: int, code: str, **headers: str) -> httpx.Response:
    body = {"status": status, "code": code, "detail": "no", "request_id": "r1"}
    media = {"content-type": "application/problem+json"}
    fields = {name.replace("_", "-"): value for name, value in headers.items()}
    return httpx.Response(status, json=body, headers={**media, **fields})

"""Errors of the API."""

from __future__ import annotations

from typing import Any

import httpx

from ._retry import retry_after


class ProblemError(Exception):
    """An error response (RFC 9457).

    Two codes are not the service's own. ``unauthorized``: the token is missing, invalid or expired.
    ``gateway_error``: API Gateway, Lambda or a proxy responded instead of the service.
    """

    def __init__(
        self,
        status: int,
        code: str,
        detail: str,
        problem: dict[str, Any],
        retry_after: float | None = None,
    ) -> None:
        super().__init__(f"{detail} ({code})")
        #: The HTTP status, such as 404.
        self.status = status
        #: The stable code, such as ``org_not_found``. New codes may be added.
        self.code = code
        #: The reason as a text for people.
        self.detail = detail
        #: The whole body, with fields such as ``errors``, ``required_role`` and ``request_id``.
        self.problem = problem
        #: The seconds to wait before the next attempt, if the response has a ``Retry-After``.
        self.retry_after = retry_after


def problem_of(response: httpx.Response) -> ProblemError:
    """Converts a response that is not a success of the service to an error."""
    try:
        body = response.json()
    except ValueError:
        body = None
    problem: dict[str, Any] = body if isinstance(body, dict) else {}
    status = response.status_code
    code = problem.get("code")
    if isinstance(code, str):
        detail = str(problem.get("detail", ""))
    elif status == 401:
        code, detail = "unauthorized", "the token is missing, invalid or expired"
    else:
        said = problem.get("message") or f"status {status}"
        code, detail = "gateway_error", f"the response is not the service's own: {said}"
    return ProblemError(status, code, detail, problem, retry_after(response))

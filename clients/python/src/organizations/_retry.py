"""Which requests are repeated, and when."""

from __future__ import annotations

import email.utils
import random
import re
import time
from dataclasses import dataclass

import httpx

# The service stores no response of this operation, and a second request has another response.
_NOT_REPEATED = re.compile(r"/v1/orgs/[^/]+/invitations/bulk$")


@dataclass(frozen=True)
class Retry:
    """How a client repeats requests.

    It repeats requests after 429, 5xx and failed connections. This is safe, because writes have an
    ``Idempotency-Key`` or are idempotent by themselves.
    """

    #: The largest number of attempts per request. 1 turns retries off.
    attempts: int = 3
    #: The seconds before the second attempt. They double with each attempt, with jitter.
    backoff: float = 0.5
    #: The longest wait between attempts, in seconds. The client raises if ``Retry-After`` asks
    #: for a longer one.
    longest_wait: float = 10.0

    def wait_after(self, attempt: int, path: str, response: httpx.Response | None) -> float | None:
        """Returns the seconds to wait before the next attempt, or None if there is none.

        ``response`` is None if there was no response.
        """
        is_repeatable = _NOT_REPEATED.search(path) is None
        if response is None or response.status_code >= 500:
            is_temporary = is_repeatable
        else:
            is_temporary = response.status_code == 429
        if not is_temporary or attempt >= self.attempts:
            return None
        backoff = float(self.backoff * 2 ** (attempt - 1) * random.uniform(0.5, 1.0))
        wait = min(backoff, self.longest_wait)
        asked = None if response is None else retry_after(response)
        if asked is not None:
            wait = max(wait, asked)
        return wait if wait <= self.longest_wait else None


def retry_after(response: httpx.Response) -> float | None:
    """Returns the seconds that a response asks to wait, or None."""
    value = response.headers.get("retry-after")
    if value is None:
        return None
    try:
        return float(value)
    except ValueError:
        pass
    try:
        return email.utils.parsedate_to_datetime(value).timestamp() - time.time()
    except ValueError:
        return None

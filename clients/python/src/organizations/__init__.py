"""A typed client of the Organizations API."""

from . import types
from ._client import AsyncClient, Client, idempotency_key
from ._problem import ProblemError
from ._retry import Retry
from ._usage import (
    AsyncUsageRecorder,
    RejectedEvent,
    UnsentUsageError,
    UsageQueueFullError,
    UsageRecorder,
)

__all__ = [
    "AsyncClient",
    "AsyncUsageRecorder",
    "Client",
    "ProblemError",
    "RejectedEvent",
    "Retry",
    "UnsentUsageError",
    "UsageQueueFullError",
    "UsageRecorder",
    "idempotency_key",
    "types",
]

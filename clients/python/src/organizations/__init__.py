"""A typed client of the Organizations API."""

from . import types
from ._client import AsyncClient, Client, idempotency_key
from ._operations import Operation
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
    "Operation",
    "ProblemError",
    "RejectedEvent",
    "Retry",
    "UnsentUsageError",
    "UsageQueueFullError",
    "UsageRecorder",
    "idempotency_key",
    "types",
]

"""What is thrown: a refusal of the gateway, or a call that it did not answer."""

from __future__ import annotations

from typing import Literal, TypeAlias, cast, get_args

from .generated import types
from .generated.codes import GatewayCode

#: What the client itself finds wrong.
OwnCode: TypeAlias = Literal["not_reached", "deadline_exceeded", "unreadable_answer", "unrecognized_code", "webhook_invalid"]
Code: TypeAlias = GatewayCode | OwnCode
Outcome: TypeAlias = Literal["failed", "unknown"]

_KNOWN = frozenset(get_args(GatewayCode))


class SwitchyardError(Exception):
    """
    A refusal, or a call without an answer. Where `outcome` is "unknown", what was asked may have been done: make the
    same call again with `idempotency_key`, never with a new one.
    """

    def __init__(
        self,
        code: Code,
        message: str,
        *,
        operation: str,
        outcome: Outcome,
        idempotency_key: str | None = None,
        status: int | None = None,
        problem: types.Problem | None = None,
        retry_after: float | None = None,
    ) -> None:
        said = problem["detail"] if problem else message
        super().__init__(f"{operation}: {said} ({code})")
        self.code: Code = code
        self.operation = operation
        self.outcome: Outcome = outcome
        self.idempotency_key = idempotency_key
        #: Of the answer; None where there was none.
        self.status = status
        #: The gateway's own words, where it has answered in its own.
        self.problem = problem
        #: What to do.
        self.hint = problem["hint"] if problem else ""
        #: Seconds.
        self.retry_after = retry_after


def code_of(problem: types.Problem) -> Code:
    """The code of a problem where this client knows it."""
    code = problem["code"]
    return cast(Code, code) if code in _KNOWN else "unrecognized_code"

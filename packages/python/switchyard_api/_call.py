"""One call with its repeats: under the same Idempotency-Key, a bounded number of times, within a deadline."""

from __future__ import annotations

import http.client
import json
import random
import time
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast
from urllib.parse import quote, urlencode, urlsplit

from ._errors import Outcome, SwitchyardError, code_of
from .generated import types
from .generated.codes import API_VERSION

#: How often one call is sent, in all.
TRIES_MAX = 5
#: Seconds.
FIRST_WAIT = 0.2
WAIT_MAX = 8.0
DEADLINE = 60.0
#: The longest page of a list is far below.
ANSWER_BYTES_MAX = 16_777_216


@dataclass(frozen=True)
class Operation:
    """`keyed`: it takes an Idempotency-Key. `given`: headers of the answer, and the fields under which they are given."""

    id: str
    verb: str
    path: str
    keyed: bool = False
    text: bool = False
    given: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class _Request:
    operation: Operation
    target: str
    headers: Mapping[str, str]
    body: bytes | None
    key: str | None

    def error(self, code: Any, message: str, outcome: Outcome, **more: Any) -> SwitchyardError:
        return SwitchyardError(
            code, message, operation=self.operation.id, outcome=outcome, idempotency_key=self.key, **more
        )

    @property
    def unheard(self) -> Outcome:
        """What became of it where nobody says."""
        return "failed" if self.operation.verb == "GET" else "unknown"


class Caller:
    """Sends the calls of one gateway. Each has a connection of its own, and none is kept."""

    def __init__(self, url: str, key: str | None, timeout: float | None) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or parts.hostname is None:
            raise ValueError(f"{url} is no address of a gateway: it begins with http:// or https://")
        self._secure = parts.scheme == "https"
        self._host = parts.hostname
        self._port = parts.port
        self._base = parts.path.rstrip("/")
        self._key = key
        self._timeout = DEADLINE if timeout is None else timeout

    def call(
        self,
        operation: Operation,
        params: Sequence[str],
        *,
        body: object = None,
        query: Mapping[str, object] | None = None,
        idempotency_key: str | None = None,
        timeout: float | None = None,
    ) -> Any:
        key = (idempotency_key or str(uuid.uuid4())) if operation.keyed else None
        request = self._request(operation, params, body, query or {}, key)
        ends = time.monotonic() + (self._timeout if timeout is None else timeout)
        may_stand = False
        for tries in range(1, TRIES_MAX + 1):
            try:
                return self._once(request, ends - time.monotonic())
            except SwitchyardError as error:
                may_stand = may_stand or error.outcome == "unknown"
                wait = _wait_before_repeat(error, operation, tries)
                if wait is None or wait >= ends - time.monotonic():
                    if may_stand and not _is_final(error):
                        error.outcome = "unknown"
                    raise
            time.sleep(wait)
        raise AssertionError("the last try is answered or raised")

    def _request(
        self, operation: Operation, params: Sequence[str], body: object, query: Mapping[str, object], key: str | None
    ) -> _Request:
        path = operation.path
        for param in params:
            if param in ("", ".", ".."):
                raise ValueError(f"{operation.path}: {param!r} is no id")
            start, end = path.index("{"), path.index("}")
            path = path[:start] + quote(param, safe="") + path[end + 1 :]
        pairs = [pair for name, value in query.items() for pair in _pairs(name, value)]
        headers = {"accept": "*/*" if operation.text else "application/json", "switchyard-version": API_VERSION}
        if self._key is not None:
            headers["authorization"] = f"Bearer {self._key}"
        if key is not None:
            headers["idempotency-key"] = key
        sent = None
        if body is not None:
            headers["content-type"] = "application/json"
            sent = json.dumps(body).encode()
        target = self._base + path + (f"?{urlencode(pairs)}" if pairs else "")
        return _Request(operation, target, headers, sent, key)

    def _once(self, request: _Request, left: float) -> Any:
        if left <= 0:
            raise request.error("deadline_exceeded", "no answer in time", request.unheard)
        kind = http.client.HTTPSConnection if self._secure else http.client.HTTPConnection
        connection = kind(self._host, self._port, timeout=left)
        try:
            connection.request(request.operation.verb, request.target, body=request.body, headers=dict(request.headers))
            response = connection.getresponse()
            data = response.read(ANSWER_BYTES_MAX + 1)
        except TimeoutError as cause:
            raise request.error("deadline_exceeded", "no answer in time", request.unheard) from cause
        except (OSError, http.client.HTTPException) as cause:
            raise request.error("not_reached", str(cause), request.unheard) from cause
        finally:
            connection.close()
        ok = 200 <= response.status < 300
        if ok and response.status == 204:
            return None
        if ok and request.operation.text:
            return data.decode()
        value = _json(data)
        if not ok or value is _NO_JSON:
            raise _refusal(request, response, value)
        for header, name in request.operation.given.items():
            value[name] = response.getheader(header)
        return value


_NO_JSON = object()


def _json(data: bytes) -> Any:
    try:
        return json.loads(data) if len(data) <= ANSWER_BYTES_MAX else _NO_JSON
    except ValueError:
        return _NO_JSON


def _refusal(request: _Request, response: http.client.HTTPResponse, value: Any) -> SwitchyardError:
    """Without the gateway's own words nothing is known of what was done, unless somebody before it refused."""
    status = response.status
    after = response.getheader("retry-after") or ""
    retry_after = float(after) if after.isascii() and after.isdigit() and len(after) <= 6 else None
    if isinstance(value, dict) and isinstance(value.get("code"), str) and value.get("outcome") in ("failed", "unknown"):
        problem = cast(types.Problem, value)
        outcome: Outcome = "failed" if request.unheard == "failed" else problem["outcome"]
        code = code_of(problem)
        return request.error(code, "", outcome, status=status, problem=problem, retry_after=retry_after)
    outcome = "failed" if 300 <= status < 500 else request.unheard
    words = f"{status} without JSON of the API"
    return request.error("unreadable_answer", words, outcome, status=status, retry_after=retry_after)


def _wait_before_repeat(error: SwitchyardError, operation: Operation, tries: int) -> float | None:
    """Seconds until the same call is sent again; None when it is not."""
    if tries >= TRIES_MAX or not _may_repeat(error, operation.verb == "GET" or operation.keyed):
        return None
    # Half of it by chance, so that those who were refused together do not come again together.
    back_off = min(WAIT_MAX, FIRST_WAIT * float(1 << (tries - 1))) * (0.5 + random.random() / 2)
    return max(back_off, error.retry_after or 0.0)


def _may_repeat(error: SwitchyardError, harmless: bool) -> bool:
    if error.code == "deadline_exceeded":
        return False
    # The gateway's own word that nothing was done.
    if error.status in (429, 503) and error.problem is not None and error.outcome == "failed":
        return error.retry_after is not None
    if not harmless:
        return False
    if error.code in ("not_reached", "request_in_progress"):
        return True
    return error.status is not None and (error.status >= 500 or error.status == 429)


def _is_final(error: SwitchyardError) -> bool:
    """A refusal that says what became of the operation: to be told to come later says nothing of a try before."""
    return error.outcome == "failed" and error.status is not None and error.status < 500 and error.status != 429


def _pairs(name: str, value: object) -> list[tuple[str, str]]:
    if value is None:
        return []
    if isinstance(value, Mapping):
        return [pair for key, inner in value.items() for pair in _pairs(f"{name}[{key}]", inner)]
    if isinstance(value, (list, tuple)):
        return [pair for inner in value for pair in _pairs(name, inner)]
    if isinstance(value, bool):
        return [(name, "true" if value else "false")]
    return [(name, str(value))]

"""A request that the sandbox turns down, in the words and codes of the service."""

from __future__ import annotations

from http import HTTPStatus


class Refusal(Exception):
    """Becomes the error body; codes are those of REV265 (2026-10-08)."""

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        param: str = "",
        *,
        retry_after: int | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.param = param
        self.retry_after = retry_after

    @property
    def body(self) -> dict[str, object]:
        error = {"code": self.code, "message": self.message, "param": self.param}
        return {"error": {**error, "type": kind(self.status)}}


def kind(status: int) -> str:
    """The error type: a 401 was seen as `Unauthorized`; the others follow its pattern."""
    known = {each.value for each in HTTPStatus}
    if status not in known:
        return "Unknown"
    return HTTPStatus(status).phrase.title().replace(" ", "").replace("-", "")


def invalid(param: str, message: str) -> Refusal:
    return Refusal(400, "InvalidParameter", f"{param}: {message}", param)


def missing(param: str) -> Refusal:
    return Refusal(400, "MissingParameter", f"{param} is required", param)


def bad_image(param: str, message: str, code: str = "InvalidFormat") -> Refusal:
    return Refusal(400, f"InvalidImageURL.{code}", f"{param}: {message}", param)


def against_task_type(param: str, message: str) -> Refusal:
    code = "InvalidParameter.TaskTypeConstraint"
    return Refusal(400, code, f"{param}: {message}", param)

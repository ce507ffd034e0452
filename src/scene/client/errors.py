"""What can go wrong between a command and a server."""

from scene.errors import FieldError, SceneError


class Unreachable(SceneError):
    """Nothing answers at the address, or what answers is no Scene."""

    code = "unreachable"
    http_status = 503

    def __init__(self, message: str, *, retryable: bool = True) -> None:
        super().__init__(message)
        self.retryable = retryable


class Refusal(SceneError):
    """The server's problem document: its code, its sentence and its fields."""

    def __init__(self, status: int, code: str, message: str, fields: tuple[FieldError, ...] = ()) -> None:
        super().__init__(message, fields=fields)
        self.http_status = status
        self.code = code
        self.retryable = status >= 500

"""Every error Scene raises on purpose.

SceneError
|-- NotFound            404  nothing has this id
|-- Invalid             422  a field is wrong: says which and what to do
|-- Conflict            409  the state of things forbids it
|   |-- AlreadyExists        a unique name or slug is taken
|   |-- VersionConflict 412  somebody else saved first
|   |-- IdempotencyConflict  the key was used for another request
|   `-- InUse                something still needs it
|-- TooLarge            413  more was sent than is taken
|-- Unauthenticated     401  nobody knows who is asking
|-- Refused             403  not from here, or not by this caller
|-- TooManyTries        429  says when to try again
|-- AddressRefused      422  the server does not connect there by itself
|-- SecretUnreadable    409  what is stored encrypted cannot be decrypted here: says what to do
|-- ProviderFailed      502  the OpenID Connect provider does not answer, or not as it should; a retry can help
|-- StorageError        503  the database or the artifact store failed; a retry can help
`-- SetupError          500  Scene itself is not set up: says what is missing and how to get it
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class FieldError:
    """One wrong field: ``viewports[0].width`` and what is wrong with it."""

    field: str
    message: str


class SceneError(Exception):
    """Carries a code that a program can test, an HTTP status, and a sentence that a person can use."""

    code = "internal"
    http_status = 500
    retryable = False

    def __init__(self, message: str, *, fields: tuple[FieldError, ...] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.fields = fields


class NotFound(SceneError):
    code = "not_found"
    http_status = 404

    @classmethod
    def of(cls, noun: str, key: str) -> "NotFound":
        return cls(f"There is no {noun} {key!r}.")


class Invalid(SceneError):
    code = "invalid"
    http_status = 422

    @classmethod
    def field(cls, field: str, message: str) -> "Invalid":
        return cls(f"{field}: {message}", fields=(FieldError(field, message),))


class Conflict(SceneError):
    code = "conflict"
    http_status = 409


class AlreadyExists(Conflict):
    code = "already_exists"

    @classmethod
    def of(cls, noun: str, field: str, value: str) -> "AlreadyExists":
        message = f"another {noun} has the {field} {value!r}; choose another {field}"
        return cls(f"{field}: {message}", fields=(FieldError(field, message),))


class VersionConflict(Conflict):
    code = "version_conflict"
    http_status = 412


class IdempotencyConflict(Conflict):
    code = "idempotency_conflict"


class InUse(Conflict):
    code = "in_use"


class TooLarge(SceneError):
    code = "too_large"
    http_status = 413


class Unauthenticated(SceneError):
    code = "unauthenticated"
    http_status = 401


class TooManyTries(SceneError):
    code = "too_many_tries"
    http_status = 429
    retryable = True

    def __init__(self, message: str, *, wait_seconds: float) -> None:
        super().__init__(message)
        self.wait_seconds = wait_seconds


class Refused(SceneError):
    code = "refused"
    http_status = 403


class AddressRefused(SceneError):
    code = "address_refused"
    http_status = 422


class SecretUnreadable(SceneError):
    code = "secret_unreadable"
    http_status = 409


class ProviderFailed(SceneError):
    code = "provider_failed"
    http_status = 502
    retryable = True


class StorageError(SceneError):
    code = "storage"
    http_status = 503
    retryable = True


class PictureError(SceneError):
    """A file is not a PNG picture that Scene can read: it is something else, damaged, cut off, or too large."""

    code = "bad_picture"
    http_status = 422


class ImagingFailed(SceneError):
    """The code that compares pictures broke down; the worker's own output says where."""

    code = "imaging_failed"


class ImagingWorkerLost(SceneError):
    """A worker process ended in the middle of a job, twice in a row: killed, or out of memory."""

    code = "imaging_worker_lost"
    http_status = 503
    retryable = True


class SetupError(SceneError):
    code = "not_set_up"

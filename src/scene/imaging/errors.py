"""What can be wrong with a picture, or with the process that looks at it."""

from scene.errors import SceneError


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

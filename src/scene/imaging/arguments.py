"""What is checked before compiled code sees an array: an error of the caller's must not become one of memory."""

import numpy as np
import numpy.typing as npt


def check(*arrays: tuple[npt.NDArray[np.generic], type[np.generic], tuple[int, ...]]) -> None:
    """Raise ValueError for an array that is not of its type and shape, and contiguous."""
    for array, kind, shape in arrays:
        if array.dtype != kind or array.shape != shape or not array.flags.c_contiguous:
            raise ValueError(f"{array.dtype} {array.shape} where {kind.__name__} {shape}, contiguous, is needed")


def sensible(answer: int) -> int:
    """What a function answered. Raises ValueError where it refused its arguments."""
    if answer < 0:
        raise ValueError("rows or columns that the pictures do not have")
    return answer

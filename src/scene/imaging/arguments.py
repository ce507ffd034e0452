"""What is checked before compiled code sees an array: an error of the caller's must not become one of memory."""

import numpy as np
import numpy.typing as npt


def check(*arrays: tuple[npt.NDArray[np.generic], type[np.generic], tuple[int, ...]]) -> None:
    """Raise ValueError for an array that is not of its type and shape, and contiguous."""
    for array, kind, shape in arrays:
        if array.dtype != kind or array.shape != shape or not array.flags.c_contiguous:
            raise ValueError(f"{array.dtype} {array.shape} where {kind.__name__} {shape}, contiguous, is needed")


def row_stride(picture: npt.NDArray[np.uint32], width: int) -> int:
    """How many pixels apart the rows of a picture of this width begin: more than that in some columns of another.

    Raises ValueError for an array that is neither a picture nor columns of one.
    """
    if picture.dtype != np.uint32 or picture.ndim != 2 or picture.shape[1] != width or not width:
        raise ValueError(f"{picture.dtype} {picture.shape} where rows of {width} pixels are needed")
    stride = picture.strides[0] // 4 if len(picture) > 1 else width
    if (width > 1 and picture.strides[1] != 4) or stride < width:
        raise ValueError("rows of pixels, contiguous, are needed")
    return stride


def sensible(answer: int) -> int:
    """What a function answered. Raises ValueError where it refused its arguments."""
    if answer < 0:
        raise ValueError("rows or columns that the pictures do not have")
    return answer

"""What comparing two pictures finds."""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from scene.imaging.pixels import Indices, Pixels


@dataclass(frozen=True)
class Difference:
    """What differs between two pictures of one width; positions are those of the observed picture."""

    changed: Indices
    delta: npt.NDArray[np.float64]
    """Squared YIQ distance of each changed pixel, 0 to MAX_DELTA."""
    before: Pixels
    """The baseline's colour of each changed pixel."""
    after: Pixels
    """The observed picture's."""
    antialiased: Indices
    """Beyond the tolerance, but anti-aliasing: not among the changed."""
    jitter: Indices
    """Beyond the tolerance and no anti-aliasing, but near by in the other picture: not among the changed."""
    different_pixels: int
    """How many pixels differ by anything at all."""
    masked: Indices
    """Those that only the baseline masks: ignored like those that the observed picture masks."""

    @classmethod
    def joined(cls, parts: list["Difference"]) -> "Difference":
        """One difference of several, given from top to bottom; of none, the empty difference."""
        nothing = np.zeros(0, np.intp)
        return cls(
            changed=np.concatenate([nothing, *(part.changed for part in parts)]),
            delta=np.concatenate([np.zeros(0), *(part.delta for part in parts)]),
            before=np.concatenate([np.zeros(0, np.uint32), *(part.before for part in parts)]),
            after=np.concatenate([np.zeros(0, np.uint32), *(part.after for part in parts)]),
            antialiased=np.concatenate([nothing, *(part.antialiased for part in parts)]),
            jitter=np.concatenate([nothing, *(part.jitter for part in parts)]),
            different_pixels=sum(part.different_pixels for part in parts),
            masked=np.concatenate([nothing, *(part.masked for part in parts)]),
        )

    def without_jitter(self, is_jitter: npt.NDArray[np.bool_]) -> "Difference":
        """The same with some of the changed pixels, one answer for each, told to be jitter."""
        changed = ~is_jitter
        return replace(
            self,
            changed=self.changed[changed],
            delta=self.delta[changed],
            before=self.before[changed],
            after=self.after[changed],
            jitter=self.changed[is_jitter],
        )

    def moved_to_columns(self, x: int, width: int, new_width: int) -> "Difference":
        """The same pixels of a strip ``width`` columns wide, with positions for the picture it was cut out of at x."""
        if width == new_width:
            return self
        further = new_width - width
        return replace(
            self,
            changed=self.changed + (self.changed // width * further + x),
            antialiased=self.antialiased + (self.antialiased // width * further + x),
            jitter=self.jitter + (self.jitter // width * further + x),
            masked=self.masked + (self.masked // width * further + x),
        )

    def in_order(self) -> "Difference":
        """The same pixels with ascending positions."""
        order = np.argsort(self.changed, kind="stable")
        return replace(
            self,
            changed=self.changed[order],
            delta=self.delta[order],
            before=self.before[order],
            after=self.after[order],
            antialiased=np.sort(self.antialiased),
            jitter=np.sort(self.jitter),
            masked=np.sort(self.masked),
        )

"""Pixels in, numbers and pixels out: decoding, comparing, drawing and explaining pictures.

Nothing here knows about runs, stores or HTTP. ``compare`` is the whole path from two PNG files to numbers and
pictures; ``jobs`` does it for files, and ``pool`` does that in other processes.
"""

"""Scene: self-hosted visual regression testing."""

from importlib.metadata import version

__version__ = version("scene")

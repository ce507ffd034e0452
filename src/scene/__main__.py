"""``python -m scene`` is the command ``scene``."""

from scene.cli import main

main()

"""The proxy between runners and the pages they open: what leaves a runner passes here, or not at all."""

"""What a server knows of the inside of a container."""

OUTPUT = "/tmp/output"  # noqa: S108  a tmpfs of the container's own, with one job at a time
"""The folder of the job's files."""
PROXY_PORT = 3128
PROXY = f"http://127.0.0.1:{PROXY_PORT}"
"""Where the container takes connections that go through the stream to Scene's proxy."""

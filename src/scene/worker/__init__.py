"""Takes jobs and carries them out; keeps the store and the queue in step."""

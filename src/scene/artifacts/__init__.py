"""What was produced: bytes known by their digest."""

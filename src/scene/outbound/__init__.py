"""Requests that the server itself makes: only to addresses that may be reached, and signed."""

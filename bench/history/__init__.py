"""A long history in a store, and what is asked of it."""

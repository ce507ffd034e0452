"""What Scene's words mean: entities and rules, without input or output."""

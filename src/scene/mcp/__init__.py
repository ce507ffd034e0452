"""Scene for agents: its API as tools of the Model Context Protocol."""

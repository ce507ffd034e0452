"""The web interface: server-rendered pages, htmx for the parts that change."""

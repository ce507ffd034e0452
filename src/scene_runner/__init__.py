"""The program that captures pages. It ships alone into a container: standard library, Playwright and Pillow only."""

"""Pairs of captured pictures, and the programs that the comparison is measured against."""

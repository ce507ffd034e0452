"""The crash campaign: everything that Scene stands on is killed, cut off or filled up while runs go on."""

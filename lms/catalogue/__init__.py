"""The catalogue: tracks as folders; every package reads its own files, faults are named with file and line."""

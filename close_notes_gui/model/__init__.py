"""The values that the rooms exchange: frozen, typed, and free of any behaviour.

Any thread. Imports the standard library alone; never does input or output.
"""

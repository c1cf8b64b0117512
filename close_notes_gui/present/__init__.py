"""From events to what each view shows, and all wording.

Any thread. Pure; never touches Qt, the engine or a clock.
"""

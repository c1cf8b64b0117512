"""What the window shows, as pure values: state, its fold over events, views, words.

Window thread, but needs none: no Qt, no clock, no disk. Time comes in as an argument.
"""

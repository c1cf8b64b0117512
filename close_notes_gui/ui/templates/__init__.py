"""Templates in the window: the button with their menu, the panel to write them, those shipped.

Window thread.
"""

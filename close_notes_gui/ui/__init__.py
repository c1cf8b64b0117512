"""Widgets: draw a view state, post commands.

Main thread. Decides nothing; never touches the engine, the disk or the network.
"""

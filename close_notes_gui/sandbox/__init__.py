"""The fake Close: a strict state machine, httpx transports, a loopback server.

Shares no code with the program's client. Any thread.
"""

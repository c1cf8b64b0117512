"""A fake Close, strict about the API contract, in process or on loopback.

Any one thread. Shares no code with the client that it tests.
"""

"""The worker: takes commands, keeps and delivers, answers with events.

Engine thread, on its own asyncio loop. Never touches Qt; has no words for the user.
"""

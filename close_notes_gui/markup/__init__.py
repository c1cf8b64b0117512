"""Between the rich-text tree and what it looks like outside: note_html, foreign HTML, Markdown.

Any thread. Pure functions; never touches Qt, the network or the disk.
"""

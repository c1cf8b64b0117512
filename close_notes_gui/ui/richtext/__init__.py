"""The note editor: QTextDocument to and from the rich-text tree, and all that edits it.

UI thread. What the tree cannot hold cannot leave; Qt's own HTML and Markdown readers are
never used, and nothing is opened or fetched because a note or a clipboard names it.
"""

"""The settings panel: a list of sections, one of them shown; every change counts at once.

Window thread. There is no "Save"; a section is made when it is first opened.
"""

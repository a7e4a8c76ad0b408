"""
Many reports at once: files of folders shared among processes, and data frames.

Results come in order, and one bad file never stops the rest.
"""

"""
Many reports at once: files of folders shared among processes.

Results come in order, and one bad file never stops the rest.
"""

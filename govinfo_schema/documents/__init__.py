"""
Files that people read: a format module turns a file into a ``Document`` or back, ``recognise``
makes a report of one, ``layout`` the reverse.

The ``Document`` is the waist: a format module knows no law, and the recogniser knows no file
format.
"""

"""One module a file format. Each offers ``NAME``, ``SUFFIXES``, ``read`` and ``write``; a verb that it cannot do is absent."""

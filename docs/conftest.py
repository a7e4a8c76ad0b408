"""What the tests leave out of this folder: the settings of the site, which need Sphinx."""

collect_ignore = ["conf.py"]

"""
Pages and lists to send: what the check says of one report or of many, as one HTML file or as a
list of problems in a workbook or CSV.

``results`` holds what came of each file, ``page`` makes the page and ``worklist`` the list. None of
them reads a file: the command line and the checker in the browser hand them what they have read.
"""

"""
The form as a workbook that adds itself up: to be filled in, or with a report in it.

Its cells carry the names of the form, by which ``documents.recognise.named`` reads it back.
"""

"""
Which figure is wrong: every smallest set of changes after which all sums hold (minimal repair,
error localisation).

``explanations`` has ``locate``; ``search`` finds the sets, ``plans`` prepares the sums, ``reasons``
ranks them, ``excerpt`` shows them.
"""

"""
Which figure is wrong: minimal repair, or error localisation.

Every smallest set of changes after which all equations hold. ``explanations`` has ``locate``;
``search`` finds the sets, ``plans`` prepares the equations, ``reasons`` ranks the sets, ``excerpt``
shows them.
"""

"""
What is wrong with a report, or between reports.

``check``, ``complete``, ``plausible``, ``check_years``, ``check_parts`` and ``add_up``. All return
findings; which figure is wrong is for ``repair``.
"""

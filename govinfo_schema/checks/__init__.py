"""
What is wrong with a report, or between reports: ``check``, ``complete``, ``plausible``,
``check_years``, ``check_parts``, ``add_up``.

All of it returns findings. Which figure is to blame is for ``repair``.
"""

"""Run the command line: ``python -m govinfo_schema``."""

from govinfo_schema.cli import main

raise SystemExit(main())

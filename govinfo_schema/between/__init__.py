"""Between reports: the years of one body, a body and its parts. The same engine as inside one report, over more cells."""

from govinfo_schema.between.parts import add_up, check_parts
from govinfo_schema.between.years import check_years

__all__ = ["add_up", "check_parts", "check_years"]

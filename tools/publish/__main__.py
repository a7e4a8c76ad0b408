"""Write every generated file into a copy of the project: ``python -m tools.publish FOLDER``."""

import sys

from tools.publish.schemas import main

main(sys.argv[1])

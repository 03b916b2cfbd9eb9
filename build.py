"""Build the static site: the same as `wizard build`, with the same arguments."""

import argparse
import sys

from wizard.cli import add_build_arguments, run_build
from wizard.errors import SetupError

if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Write the static site from the articles.")
    add_build_arguments(parser)
    options = parser.parse_args()
    try:
        sys.exit(run_build(options))
    except SetupError as error:
        print(f"build.py: {error}", file=sys.stderr)
        sys.exit(2)

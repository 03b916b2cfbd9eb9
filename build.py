"""Build the static site: the same as `wizard build`, with the same arguments."""

import sys

from wizard.cli import main

if __name__ == "__main__":
    sys.exit(main(["build", *sys.argv[1:]]))

"""`python -m wizard` is the `wizard` command."""

from wizard.cli import main

raise SystemExit(main())

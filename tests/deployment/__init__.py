"""The wizard as it is deployed: gunicorn and workers as real processes, killed, upgraded and restarted."""

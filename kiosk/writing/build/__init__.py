"""Makes the writing data out of packages, at set-up. The kiosk imports nothing of this."""

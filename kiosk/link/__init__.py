"""The door seen from a kiosk: over HTTP (`http`), and finding or starting the hall beside it (`beside`, `notes`)."""

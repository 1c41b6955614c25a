"""What the hall knows and does, room by room: docs/architecture.md has the table. No pixels here, and no wires."""

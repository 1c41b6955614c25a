"""Paper, scanners, number displays, voice, text messages. A device is a port (a protocol and plain values), drivers
that are found through entry points, and virtual ones that ship. Knows nothing of halls, bookings or queues."""

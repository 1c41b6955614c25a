"""Number displays over the windows: the port (`port`), the one thread of a serial line (`bus`), a driver a protocol."""

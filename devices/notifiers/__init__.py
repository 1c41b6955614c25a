"""Text messages to residents: the port (`port`), and the driver that writes them into files for another program."""

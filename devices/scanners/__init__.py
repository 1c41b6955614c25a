"""Slips read again: the port (`port`), scanners that are a serial port, line by line, and virtual ones."""

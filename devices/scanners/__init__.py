"""Slips read again: scanners that are a serial port, line by line, and virtual ones."""

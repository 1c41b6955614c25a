"""Calls spoken: the port (`port`), one voice on one thread (`mouth`), and where its sound goes to."""

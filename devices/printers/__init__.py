"""Slips onto paper: the port (`port`), the ESC/POS driver (`escpos`), and the virtual printer that speaks its language
(`virtual`)."""

"""Slips onto paper: the ESC/POS driver (`escpos`), and the virtual printer that speaks its language (`virtual`)."""

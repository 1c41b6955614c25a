"""The programs that `bench` measures from outside, each a process of its own: the kiosk, and what it stands beside."""

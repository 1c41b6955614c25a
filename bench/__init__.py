"""What is fast and small, measured: each figure beside a baseline of the same run. Start: `python main.py bench`."""

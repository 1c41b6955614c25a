"""What a kiosk's machine does beside its screen: print jobs, slips, scanner, reading aloud, self-check, the report to
the hall. Start with `Station` in `kiosk.station.station`."""

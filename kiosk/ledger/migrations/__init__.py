"""The ledger's migrations, run by `kiosk.ledger.migrate` and by nothing else."""

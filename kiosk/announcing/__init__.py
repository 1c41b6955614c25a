"""What the hall's own machine does beside its pages: window displays and the spoken call, from the event log."""

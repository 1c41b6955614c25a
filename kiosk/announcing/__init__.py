"""What the hall's own machine does beside its pages: window displays, the spoken call, residents' text messages, all
from the event log and under leases."""

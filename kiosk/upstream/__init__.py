"""Between this house and the next: posts the event log onward, and receives what other houses post. Knows no hall."""

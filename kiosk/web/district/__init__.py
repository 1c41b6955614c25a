"""The receiving end over HTTP: what halls post, what they pull, and (its pages) what officers do."""

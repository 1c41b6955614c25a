"""The hall over HTTP: the API under /api/v1, the staff page, health and metrics. Knows no rule of the hall's."""

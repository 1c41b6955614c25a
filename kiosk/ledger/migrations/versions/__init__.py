"""One file per step, oldest first. A step that has shipped is never edited."""

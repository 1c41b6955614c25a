"""The rules of a hall as pure functions of their arguments: no clock, no database, no settings of anybody's."""

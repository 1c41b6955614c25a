"""The pieces that the schemas of /openapi.json are made of."""

from __future__ import annotations

from kiosk.sheets import MOST_INTEGER, MOST_TEXT

Schema = dict[str, object]

TEXT: Schema = {"type": "string", "maxLength": MOST_TEXT}
NUMBER: Schema = {"type": "integer", "minimum": -MOST_INTEGER, "maximum": MOST_INTEGER}
TRUTH: Schema = {"type": "boolean"}
AT: Schema = {"type": "string", "format": "date-time", "examples": ["2026-11-23T14:00:00+08:00"]}
DAY: Schema = {"type": "string", "format": "date"}
KEY: Schema = {"type": "string", "minLength": 1, "maxLength": 128, "pattern": "^[!-~]+$"}
# As a header: bare, or in quotes with \" and \\ for the bare marks; what begins with a quote must end with one.
SENT_KEY: Schema = {**KEY, "pattern": r"""^([!#-~][!-~]*|"([!#-\[\]-~]|\\["\\])+")$"""}


def ref(name: str) -> Schema:
    """A schema by its name."""
    return {"$ref": f"#/components/schemas/{name}"}


def null_or(schema: Schema) -> Schema:
    """A schema or null."""
    return {"anyOf": [schema, {"type": "null"}]}


def array(schema: Schema) -> Schema:
    """A list of one kind."""
    return {"type": "array", "items": schema}


def thing(may_lack: tuple[str, ...] = (), /, *, only_these: bool = False, **members: Schema) -> Schema:
    """An object; every member is there except those named first. `only_these`: other members are refused."""
    made: Schema = {
        "type": "object",
        "properties": members,
        "required": [name for name in members if name not in may_lack],
    }
    if only_these:
        made["additionalProperties"] = False
    return made

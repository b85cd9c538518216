"""The oracle for YAML: what PyYAML, a YAML 1.1 reader, reads in a YAML text.

It reads one YAML text as a JSON string from each line, and answers each with a JSON object:
{"value": …} is its value as JSON, {"error": …} is the reason that it cannot be read.
"""

import json
import sys

import yaml


def checked(value):
    """Returns the value if JSON can express it; otherwise a key that is not a string would silently become one."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if not isinstance(key, str):
                raise ValueError(f"the key {key!r} is not a string")
            checked(inner)
    elif isinstance(value, list):
        for item in value:
            checked(item)
    return value


for line in sys.stdin:
    try:
        answer = {"value": checked(yaml.safe_load(json.loads(line)))}
        print(json.dumps(answer, allow_nan=False))
    except (yaml.YAMLError, ValueError, TypeError) as error:
        print(json.dumps({"error": str(error)}))

"""Steps that import modules from their folder."""

from kfp.dsl import Dataset, Output

import labels
import plain.rectangles
from units import convert


def python_area(width: float, height: float, unit: str, report: Output[Dataset]) -> dict:
    area = plain.rectangles.area(convert(width, unit), convert(height, unit))
    labels.write(report, area)
    return {"area": area, "label": labels.LABEL}

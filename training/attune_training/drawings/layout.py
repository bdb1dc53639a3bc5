"""What the maps of a drawing mean. The pipeline that reads them (libs/grading) is held to the same order by golden cases."""

#: Pixels of the input for one cell of the maps, and cells that one unit of a regression stands for.
STRIDE, UNIT = 4, 16.0
#: Boxes, each as distances left, top, right, bottom from the cell: of symbols, of what contains symbols, of words, and of arrows.
BOXES = ("symbol", "container", "word", "arrow")
#: Vectors (x, y) in cells: from the middle of an arrow to its ends, from its head to its tail, and from its tail to its head.
VECTORS = ("middleToTail", "middleToHead", "headToTail", "tailToHead")


def heat_names(labels: list[str], arrows: list[str]) -> list[str]:
    """The channels of `heat`: centres of shapes by label, of words, middles of arrows by kind, tails and heads."""
    return [*labels, "word", *(f"arrow:{kind}" for kind in arrows), "tail", "head"]

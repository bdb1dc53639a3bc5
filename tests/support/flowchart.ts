/** A stroke through some places. */
function stroke(id: string, ...places: [number, number][]) {
  const points = places.slice(1).flatMap(([x, y], at): [number, number][] => {
    const [fromX, fromY] = places[at]!;
    const parts = 12;
    return Array.from({ length: parts }, (_, part) => [
      fromX + ((x - fromX) * (part + 1)) / parts,
      fromY + ((y - fromY) * (part + 1)) / parts,
    ]);
  });
  return { id, label: '', shape: { kind: 'stroke' as const, points: [places[0]!, ...points] } };
}

function box(id: string, left: number, top: number, right: number, bottom: number) {
  return stroke(id, [left, top], [right, top], [right, bottom], [left, bottom], [left, top + 2]);
}

/** An arrow straight down or up: a shaft, and a head at its end. */
function arrow(id: string, x: number, from: number, to: number) {
  const back = to > from ? -18 : 18;
  return [
    stroke(`${id}-shaft`, [x, from], [x, to]),
    stroke(`${id}-head`, [x - 10, to + back], [x, to], [x + 10, to + back]),
  ];
}

function label(id: string, text: string, x: number, y: number) {
  return { id, label: text, shape: { kind: 'point' as const, x, y } };
}

const criterion = {
  points: 1,
  skill: 'shapes',
  hints: { orient: 'Look above.', point: 'What comes first?', show: 'Wash.' },
};

/** Three steps, one after the other. */
export const aDiagram = {
  kind: 'diagram',
  version: 1,
  canvas: { width: 400, height: 500 },
  nodes: [
    { id: 'wash', type: 'process', label: 'Wash', ...criterion },
    { id: 'sort', type: 'decision', label: 'Ripe?', ...criterion },
    { id: 'eat', type: 'process', label: 'Eat', ...criterion },
  ],
  edges: [
    { id: 'wash-sort', source: 'wash', target: 'sort', ...criterion },
    { id: 'sort-eat', source: 'sort', target: 'eat', label: 'Yes', ...criterion },
  ],
};

/** What answers it; the second arrow may point the wrong way. */
export function drawnDiagram({ isReversed = false } = {}) {
  return [
    box('wash-box', 120, 30, 270, 95),
    stroke('sort-box', [195, 180], [270, 230], [195, 280], [120, 230], [194, 181]),
    box('eat-box', 120, 370, 270, 435),
    ...arrow('first', 195, 99, 175),
    ...(isReversed ? arrow('second', 195, 366, 284) : arrow('second', 195, 284, 366)),
    label('wash-label', 'wash', 195, 62),
    label('sort-label', 'Ripe?', 195, 230),
    label('eat-label', 'Eat', 195, 402),
    label('yes', 'Yes', 215, 325),
  ];
}

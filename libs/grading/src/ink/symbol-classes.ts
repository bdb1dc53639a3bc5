/** The figures of a flowchart that stand for something; `connection` is the small circle where a flow begins, ends or goes on elsewhere. */
export const figureTypes = ['process', 'data', 'decision', 'terminator', 'connection'] as const;
export type FigureType = (typeof figureTypes)[number];

/** What a group of strokes may be; `none` is one that was put together wrongly. */
export const symbolClasses = ['text', 'arrow', ...figureTypes, 'none'] as const;
export type SymbolClass = (typeof symbolClasses)[number];

/** The probability of each of {@link symbolClasses}, of a group as `describe-symbol.ts` tells it in numbers. */
export type SymbolClassifier = (features: readonly number[]) => ArrayLike<number>;

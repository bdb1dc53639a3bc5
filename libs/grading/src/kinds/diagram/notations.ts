import type { FigureType } from '../../ink/symbol-classes.js';

/** Shapes of process models that others stand in; an arrow leads to one only where it leads to nothing inside. */
export const containers: ReadonlySet<string> = new Set(['participant', 'lane', 'subProcess']);

/** The shapes of process models (BPMN 2.0), by the names that hdBPMN gives them. */
export const processShapes: ReadonlySet<string> = new Set([
  ...containers,
  'task',
  'callActivity',
  'startEvent',
  'startEvent:message',
  'startEvent:timer',
  'intermediateThrowEvent',
  'intermediateThrowEvent:message',
  'intermediateCatchEvent:message',
  'intermediateCatchEvent:timer',
  'endEvent',
  'endEvent:message',
  'endEvent:terminate',
  'exclusiveGateway',
  'inclusiveGateway',
  'parallelGateway',
  'eventBasedGateway',
  'dataObjectReference',
  'dataStoreReference',
  'textAnnotation',
]);

/** What a detector calls the figures of flowcharts: it learnt them beside those of process models, some of which look the same. */
export const flowchartShapes: ReadonlyMap<string, FigureType> = new Map([
  ['task', 'process'],
  ['data', 'data'],
  ['decision', 'decision'],
  ['exclusiveGateway', 'decision'],
  ['parallelGateway', 'decision'],
  ['terminator', 'terminator'],
  ['connection', 'connection'],
  ['startEvent', 'connection'],
  ['endEvent', 'connection'],
]);

import type { PbfWriter } from 'pbf';
import { describe, expect, it } from 'vitest';
import type { Manifest } from '../model/manifest.js';
import {
  graph,
  honest,
  message,
  restoring,
  saving,
  writeNode,
  writeSavedModel,
  type SavedFunction,
  type SavedGraph,
  type SavedNode,
} from '../testing/write-saved-model.js';
import { checkModel } from './check-model.js';
import { inspectSavedModel } from './inspect-saved-model.js';

const manifest = { format: 'saved-model', entry: 'saved_model', files: [{ path: 'vocab.txt' }] } as unknown as Manifest;

/** A body in which nodes stand in the place of others of the same names. */
const changed = (body: SavedFunction, ...nodes: readonly SavedNode[]): SavedFunction => ({
  ...body,
  nodes: [...body.nodes.filter(({ name }) => !nodes.some((other) => other.name === name)), ...nodes],
});
const graphWith = (...nodes: readonly SavedNode[]): readonly SavedNode[] =>
  changed({ name: '', arguments: [], nodes: graph }, ...nodes).nodes;
const evil: SavedNode = { name: 'evil', op: 'Const', text: '/etc/passwd' };
const join = (...inputs: readonly string[]): SavedNode => ({ name: 'StringJoin', op: 'StringJoin', inputs });
const restore = (...inputs: readonly string[]): SavedNode => ({ name: 'RestoreV2', op: 'RestoreV2', inputs });

describe('a SavedModel', () => {
  it('tells the operators of its graphs and functions', () => {
    const simple = (op: string): Uint8Array => writeNode({ name: `a ${op}`, op });
    const inFunction = message((pbf) => pbf.writeBytesField(3, simple('WriteFile')));
    const library = message((pbf) => pbf.writeBytesField(1, inFunction));
    const first = message((pbf) => {
      pbf.writeBytesField(1, simple('MatMul'));
      pbf.writeBytesField(2, library);
    });
    const meta = (inside: Uint8Array): Uint8Array => message((pbf) => pbf.writeBytesField(2, inside));
    const other = message((pbf) => pbf.writeBytesField(1, simple('PyFunc')));
    const saved = message((pbf) => {
      pbf.writeVarintField(1, 1);
      pbf.writeBytesField(2, meta(first));
      pbf.writeBytesField(2, meta(other));
    });
    expect([...inspectSavedModel(saved)!.operators].sort()).toEqual(['MatMul', 'PyFunc', 'WriteFile']);
    expect(inspectSavedModel(saved.subarray(0, saved.length - 2))).toBeNull();
    expect(inspectSavedModel(new Uint8Array())).toBeNull();
  });

  it('may have the saver that TensorFlow writes', () => {
    expect(checkModel(writeSavedModel(honest), manifest)).toBeNull();
  });

  it.for<[string, string, Partial<SavedGraph>]>([
    ['reads in the graph', 'RestoreV2 loose', { nodes: [...graph, evil, { ...restore('evil'), name: 'loose' }] }],
    [
      'reads what a placeholder says',
      'RestoreV2 loose',
      { nodes: [...graph, { ...restore('saver_filename'), name: 'loose' }] },
    ],
    ['merges in the graph', 'MergeV2Checkpoints m', { nodes: [...graph, { name: 'm', op: 'MergeV2Checkpoints' }] }],
    [
      'reads a constant path',
      'RestoreV2 RestoreV2',
      { functions: [saving, changed(restoring, evil, restore('evil:output:0'))] },
    ],
    [
      'writes to a constant path',
      'SaveV2 SaveV2',
      { functions: [changed(saving, evil, { name: 'SaveV2', op: 'SaveV2', inputs: ['evil:output:0'] })] },
    ],
    [
      'merges into a constant path',
      'MergeV2Checkpoints MergeV2Checkpoints',
      {
        functions: [
          changed(saving, evil, {
            name: 'MergeV2Checkpoints',
            op: 'MergeV2Checkpoints',
            inputs: ['prefixes:output:0', 'evil:output:0'],
          }),
        ],
      },
    ],
    [
      'merges from one',
      'MergeV2Checkpoints MergeV2Checkpoints',
      {
        functions: [
          changed(saving, evil, {
            name: 'prefixes',
            op: 'Pack',
            inputs: ['ShardedFilename:filename:0', 'evil:output:0'],
          }),
        ],
      },
    ],
    ['reads no path', 'RestoreV2 RestoreV2', { functions: [changed(restoring, restore())] }],
    [
      'begins with another path',
      'SaveV2 SaveV2',
      { functions: [changed(saving, evil, join('evil:output:0', 'file_prefix'))] },
    ],
    [
      'climbs out',
      'SaveV2 SaveV2',
      { functions: [changed(saving, { name: 'Const_1', op: 'Const', text: '/../../../etc/x' })] },
    ],
    [
      'climbs out in pieces',
      'SaveV2 SaveV2',
      {
        functions: [
          changed(
            saving,
            { name: 'Const', op: 'Const', text: '/.' },
            { name: 'Const_1', op: 'Const', text: './x' },
            join('file_prefix', 'Const:output:0', 'Const_1:output:0'),
          ),
        ],
      },
    ],
    [
      'climbs out in packed bytes',
      'SaveV2 SaveV2',
      { functions: [changed(saving, { name: 'Const_1', op: 'Const', text: '\u0007/../../', textField: 4 })] },
    ],
    [
      'climbs out between the parts',
      'SaveV2 SaveV2',
      { functions: [changed(saving, { ...join('file_prefix', 'Select:output:0'), separator: '/../' })] },
    ],
    [
      'hangs on what it computed',
      'SaveV2 SaveV2',
      { functions: [changed(saving, join('file_prefix', 'Read:output:0'))] },
    ],
    [
      'has its saver called with a constant',
      'StatefulPartitionedCall load',
      {
        nodes: [
          ...graph,
          { name: 'load', op: 'StatefulPartitionedCall', inputs: ['Const', 'w'], calls: 'traced_restore' },
        ],
      },
    ],
    [
      'has its saver called with another placeholder',
      'StatefulPartitionedCall restore',
      {
        nodes: graphWith(
          { name: 'other', op: 'Placeholder' },
          { name: 'restore', op: 'StatefulPartitionedCall', inputs: ['other', 'w'], calls: 'traced_restore' },
        ),
      },
    ],
    [
      'has its saver called by what is called so',
      'StatefulPartitionedCall save',
      { nodes: graphWith({ name: 'saver_filename', op: 'Const', text: '/etc/passwd' }) },
    ],
    [
      'has its saver called in a function',
      'PartitionedCall inner',
      {
        functions: [
          saving,
          restoring,
          {
            name: 'between',
            arguments: ['x'],
            nodes: [{ name: 'inner', op: 'PartitionedCall', inputs: ['x'], calls: 'traced_restore' }],
          },
        ],
      },
    ],
    ['hides which input is the path', 'RestoreV2 RestoreV2', { functions: [saving, { ...restoring, count: 'N' }] }],
    [
      'reads by another name of the path',
      'RestoreV2 RestoreV2',
      { functions: [changed(restoring, { ...evil, name: 'file_prefix' })] },
    ],
  ])('that %s is refused, with the node', ([, node, changes]) => {
    expect(checkModel(writeSavedModel({ ...honest, ...changes }), manifest)).toMatchObject({
      reason: 'unknown-operator',
      detail: `${node}: only the saver opens files, and only its own`,
    });
  });

  it.for(['ReadFile', 'WriteFile', 'MatchingFiles', 'InitializeTableFromTextFileV2', 'Restore', 'LoadDataset'])(
    'that uses %s is refused, wherever it stands',
    (op) => {
      const node = { name: 'x', op, inputs: ['file_prefix'] };
      for (const model of [
        { ...honest, nodes: [...graph, node] },
        { ...honest, functions: [saving, changed(restoring, node)] },
      ]) {
        expect(checkModel(writeSavedModel(model), manifest)).toMatchObject({ reason: 'unknown-operator', detail: op });
      }
    },
  );

  it('that is given files beside itself is refused, also where the package names them', () => {
    const asset = message((pbf) => pbf.writeStringField(2, '../vocab.txt'));
    const collection = message((pbf) => pbf.writeStringField(1, 'saved_model_assets'));
    for (const [more, detail] of [
      [(meta: PbfWriter) => meta.writeBytesField(6, asset), 'assets/../vocab.txt'],
      [(meta: PbfWriter) => meta.writeBytesField(4, collection), 'assets/a collection'],
    ] as const) {
      expect(checkModel(writeSavedModel({ ...honest, more }), manifest)).toMatchObject({
        reason: 'external-data',
        detail,
      });
    }
  });

  it('whose constants would be giant once they are made is refused', () => {
    const giant = [...graph, { name: 'g', op: 'Const', text: '0', shape: [100_000, 100_000] }];
    expect(checkModel(writeSavedModel({ ...honest, nodes: giant }), manifest)).toMatchObject({ reason: 'too-large' });
  });

  it('is no TF.js graph model, which opens no file at all', () => {
    const node = [{ name: 'r', op: 'RestoreV2' }];
    const json = JSON.stringify({ modelTopology: { node }, weightsManifest: [] });
    const bytes = new TextEncoder().encode(json);
    expect(checkModel(bytes, { ...manifest, format: 'tfjs-graph' })).toMatchObject({
      reason: 'unknown-operator',
      detail: 'RestoreV2',
    });
  });
});

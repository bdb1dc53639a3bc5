import { PbfWriter } from 'pbf';
import { describe, expect, it } from 'vitest';
import { inspectOnnx } from './inspect-onnx.js';

/** Writes a message by what is done to its writer. */
function message(write: (pbf: PbfWriter) => void): Uint8Array {
  const pbf = new PbfWriter();
  write(pbf);
  return pbf.finish();
}

const nested = (pbf: PbfWriter, field: number, bytes: Uint8Array): void => pbf.writeBytesField(field, bytes);
const node = (type: string, more: (pbf: PbfWriter) => void = () => undefined, domain?: string): Uint8Array =>
  message((pbf) => {
    pbf.writeStringField(4, type);
    if (domain !== undefined) pbf.writeStringField(7, domain);
    more(pbf);
  });
const weights = (name: string, dims: number[], more: (pbf: PbfWriter) => void = () => undefined): Uint8Array =>
  message((pbf) => {
    pbf.writePackedVarint(1, dims);
    pbf.writeStringField(8, name);
    more(pbf);
  });
const value = (name: string, type: number, sides: (number | string)[]): Uint8Array =>
  message((pbf) => {
    pbf.writeStringField(1, name);
    const shape = message((inner) => {
      for (const side of sides) {
        const dim = (to: PbfWriter): void =>
          typeof side === 'number' ? to.writeVarintField(1, side) : to.writeStringField(2, side);
        nested(inner, 1, message(dim));
      }
    });
    const tensor = message((inner) => {
      inner.writeVarintField(1, type);
      nested(inner, 2, shape);
    });
    nested(
      pbf,
      2,
      message((inner) => nested(inner, 1, tensor)),
    );
  });
const graph = (write: (pbf: PbfWriter) => void): Uint8Array => message(write);
const model = (inside: Uint8Array, more: (pbf: PbfWriter) => void = () => undefined): Uint8Array =>
  message((pbf) => {
    pbf.writeVarintField(1, 8);
    nested(pbf, 7, inside);
    nested(
      pbf,
      8,
      message((opset) => opset.writeVarintField(2, 17)),
    );
    more(pbf);
  });

describe('an ONNX file', () => {
  it('tells its inputs, outputs, operators and weights', () => {
    const facts = inspectOnnx(
      model(
        graph((pbf) => {
          nested(pbf, 1, node('Conv'));
          nested(pbf, 1, node('Softmax'));
          nested(pbf, 5, weights('kernel', [8, 3, 3, 3]));
          nested(pbf, 11, value('image', 2, ['batch', 16, 16, 3]));
          nested(pbf, 11, value('kernel', 1, [8, 3, 3, 3]));
          nested(pbf, 12, value('probs', 1, ['batch', 3]));
          nested(pbf, 12, value('index', 7, ['batch']));
        }),
      ),
    );
    expect(facts).toMatchObject({
      inputs: [{ name: 'image', dtype: 'uint8', shape: [null, 16, 16, 3] }],
      outputs: [
        { name: 'probs', dtype: 'float32', shape: [null, 3] },
        { name: 'index', dtype: null, shape: [null] },
      ],
      hasExternalData: false,
      weights: 216,
    });
    expect([...facts!.operators]).toEqual(['Conv', 'Softmax']);
    expect(facts!.opsets.get('')).toBe(17);
  });

  it('hides no operator in a subgraph, a function or another domain', () => {
    const body = graph((pbf) => nested(pbf, 1, node('Loop')));
    const inBranch = message((pbf) => {
      pbf.writeStringField(1, 'then_branch');
      nested(pbf, 6, body);
    });
    const facts = inspectOnnx(
      model(
        graph((pbf) => {
          nested(
            pbf,
            1,
            node('If', (inner) => nested(inner, 5, inBranch)),
          );
          nested(
            pbf,
            1,
            node('Evil', () => undefined, 'com.example'),
          );
        }),
        (pbf) =>
          nested(
            pbf,
            25,
            message((inner) => nested(inner, 7, node('Scan'))),
          ),
      ),
    );
    expect([...facts!.operators].sort()).toEqual(['If', 'Loop', 'Scan', 'com.example.Evil']);
  });

  it('hides no weights outside of it, wherever they are named', () => {
    const outside = weights('w', [1], (pbf) => pbf.writeVarintField(14, 1));
    const named = weights('w', [1], (pbf) =>
      nested(
        pbf,
        13,
        message((entry) => entry.writeStringField(1, 'location')),
      ),
    );
    const constant = node('Constant', (pbf) =>
      nested(
        pbf,
        5,
        message((attribute) => nested(attribute, 5, outside)),
      ),
    );
    const sparse = message((pbf) => nested(pbf, 1, outside));
    for (const write of [
      (pbf: PbfWriter) => nested(pbf, 5, outside),
      (pbf: PbfWriter) => nested(pbf, 5, named),
      (pbf: PbfWriter) => nested(pbf, 1, constant),
      (pbf: PbfWriter) => nested(pbf, 15, sparse),
    ]) {
      expect(inspectOnnx(model(graph(write)))!.hasExternalData).toBe(true);
    }
  });

  it('that is none, is cut off, or is nested without end is told from one', () => {
    const right = model(graph((pbf) => nested(pbf, 1, node('Relu'))));
    expect(inspectOnnx(right)).not.toBeNull();
    expect(inspectOnnx(right.subarray(0, right.length - 3))).toBeNull();
    expect(inspectOnnx(new Uint8Array())).toBeNull();
    expect(inspectOnnx(new TextEncoder().encode('PK\u0003\u0004 and what not'))).toBeNull();
    let deep = graph((pbf) => nested(pbf, 1, node('Relu')));
    for (let i = 0; i < 20; i++) {
      const inner = deep;
      deep = graph((pbf) =>
        nested(
          pbf,
          1,
          node('If', (to) =>
            nested(
              to,
              5,
              message((of) => nested(of, 6, inner)),
            ),
          ),
        ),
      );
    }
    expect(inspectOnnx(model(deep))).toBeNull();
  });
});

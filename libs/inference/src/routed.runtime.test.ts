import { afterAll, describe, expect, it } from 'vitest';
import { smallNetModel } from './golden/small-net.model.js';
import { deviation, SmallNet } from './golden/small-net.js';
import { OnnxRuntime } from './onnx/onnx.runtime.js';
import { OpenInferenceRuntime } from './remote/open-inference.runtime.js';
import { RoutedRuntime } from './routed.runtime.js';
import { TensorFlowRuntime } from './tfjs/tensorflow.runtime.js';

const net = new SmallNet('routed');
const input = net.drawInput('any');
const away = new OpenInferenceRuntime({ urls: ['http://127.0.0.1:9'], nameOf: () => ({ name: 'net' }) });
const local = [new OnnxRuntime({ threads: 1 }), new TensorFlowRuntime({ threads: 1 })];
const routed = new RoutedRuntime([away, ...local]);

describe('several runtimes', () => {
  afterAll(() => routed.close());

  it.each(['onnx', 'tfjs-layers', 'tfjs-graph'] as const)('run each format where it can be run: %s', async (format) => {
    const answer = await routed.infer(smallNetModel(net, format), input);
    if ('reason' in answer) throw new Error(answer.detail);
    expect(deviation(answer, net.expected(input))).toBeLessThan(1e-4);
  });

  it('say what to do where none runs a format', async () => {
    const answer = await new RoutedRuntime(local).infer(smallNetModel(net, 'saved-model'), input);
    expect(answer).toMatchObject({
      reason: 'unsupported',
      detail: expect.stringContaining('npm run provision:tfjs-node') as string,
    });
    expect(await new RoutedRuntime([]).infer(smallNetModel(net), input)).toMatchObject({ reason: 'unsupported' });
    const unreachable = await new RoutedRuntime([away, local[0]!]).infer(smallNetModel(net, 'saved-model'), input);
    expect(unreachable).toMatchObject({ reason: 'unreachable' });
  });

  it('are told of together', async () => {
    expect(await routed.status()).toMatchObject({
      name: 'Open Inference Protocol, ONNX Runtime, TensorFlow.js',
      isThere: true,
      formats: ['onnx', 'tfjs-layers', 'tfjs-graph'],
    });
  });
});

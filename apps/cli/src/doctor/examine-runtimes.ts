import {
  deviation,
  lookAtServer,
  OnnxRuntime,
  openInferenceDefaults,
  SmallNet,
  smallNetModel,
  TensorFlowRuntime,
} from '#libs/inference';
import type { InferenceRuntime, ModelFormat, RuntimeStatus } from '#libs/models';
import { nativeTensorFlow } from '#libs/platform';

/** What was found of a runtime. */
export interface RuntimeFinding extends RuntimeStatus {
  /** Of a small net, one picture at a time; null where it was not run. */
  readonly trial: RuntimeTrial | null;
  /** Of a server: median milliseconds of its answers about itself; null where it gave none. */
  readonly answersIn?: number | null;
}

/** A server to look at. */
export interface ServerToSee {
  readonly url: string;
  /** What it knows us by. */
  readonly headers: Readonly<Record<string, string>>;
}

/** How a runtime does with a small net. */
export interface RuntimeTrial {
  readonly format: ModelFormat;
  /** Median of one picture. */
  readonly milliseconds: number | null;
  /** Largest difference from plain loops. */
  readonly deviation: number | null;
  /** What it said instead; null where it calculates rightly. */
  readonly trouble: string | null;
}

/** What a runtime may be off by. */
const tolerance = 1e-4;
const [warmUps, runs] = [5, 31];
/** Some six million multiplications. */
const net = new SmallNet('doctor', { side: 96, filters: [16, 32, 64], classes: 10 });

/** Looks at every runtime, one after the other, so that they do not slow one another. */
export async function examineRuntimes(servers: readonly ServerToSee[]): Promise<RuntimeFinding[]> {
  const native = new TensorFlowRuntime({ threads: 1, nativeFolder: nativeTensorFlow });
  return [
    await examine('ONNX Runtime', new OnnxRuntime({ threads: 1 }), 'onnx'),
    await examine('TensorFlow.js, native', native, 'saved-model'),
    await examine('TensorFlow.js, WebAssembly', new TensorFlowRuntime({ threads: 1 }), 'tfjs-graph'),
    ...(await Promise.all(servers.map(examineServer))),
  ];
}

/** A server has models of its own: it is asked how it is, and nothing is run. */
async function examineServer({ url, headers }: ServerToSee): Promise<RuntimeFinding> {
  const { server, version, milliseconds, note } = await lookAtServer(url, headers);
  const isThere = version !== null;
  const formats = openInferenceDefaults.formats;
  return {
    name: `Open Inference Protocol, ${server}`,
    version,
    isThere,
    formats,
    note: isThere ? note : `${note} Until it is ready, models run here.`,
    trial: null,
    answersIn: milliseconds,
  };
}

async function examine(name: string, runtime: InferenceRuntime, format: ModelFormat): Promise<RuntimeFinding> {
  try {
    const status = await runtime.status();
    // Without its native library, TensorFlow.js is there all the same, on WebAssembly, which is a line of its own.
    if (!status.formats.includes(format))
      return { ...status, name, version: null, isThere: false, formats: [], trial: null };
    return { ...status, name, trial: await tryOut(runtime, format) };
  } finally {
    await runtime.close();
  }
}

async function tryOut(runtime: InferenceRuntime, format: ModelFormat): Promise<RuntimeTrial> {
  const model = smallNetModel(net, format);
  const times: number[] = [];
  let worst = 0;
  for (let turn = 0; turn < warmUps + runs; turn++) {
    const input = net.drawInput(`picture ${turn}`);
    const began = performance.now();
    const answer = await runtime.infer(model, input);
    if (turn >= warmUps) times.push(performance.now() - began);
    if ('reason' in answer) return { format, milliseconds: null, deviation: null, trouble: answer.detail };
    if (turn < 3) worst = Math.max(worst, deviation(answer, net.expected(input)));
  }
  const milliseconds = times.sort((a, b) => a - b)[Math.floor(runs / 2)]!;
  const trouble = worst < tolerance ? null : `It is off by ${worst.toPrecision(2)}.`;
  return { format, milliseconds, deviation: worst, trouble };
}

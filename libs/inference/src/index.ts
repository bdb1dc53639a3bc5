export { deviation, SmallNet, smallNetNames, type SmallNetShape } from './golden/small-net.js';
export * from './golden/small-net.model.js';
export * from './onnx/onnx.runtime.js';
export * from './pool/pool-options.js';
export type { RemoteModel } from './remote/inference-server.js';
export * from './remote/open-inference.runtime.js';
export * from './routed.runtime.js';
export * from './tfjs/tensorflow.runtime.js';
export * from './verification/process-package.verifier.js';

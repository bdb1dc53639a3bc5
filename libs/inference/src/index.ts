export * from './onnx/onnx.runtime.js';
export * from './pool/pool-options.js';

/** The server of the Open Inference Protocol that the tests of the library itself use: it really runs models. */
export { OpenInferenceServer } from '../../libs/inference/src/testing/open-inference.server.js';

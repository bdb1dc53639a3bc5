/** The simulated class as the command line plays it, inside the process of a test. */
export { simulate } from '../../apps/cli/src/simulate/simulate.js';
export type { SimulateOptions } from '../../apps/cli/src/simulate/simulate.js';

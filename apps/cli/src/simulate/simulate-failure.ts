/** Something that the person at the terminal can put right; its message is all that she needs to see. */
export class SimulateFailure extends Error {
  override readonly name = 'SimulateFailure';
}

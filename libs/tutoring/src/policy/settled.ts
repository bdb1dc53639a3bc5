/** A response is learnt from when its transaction must have ended: so none is missed. In milliseconds. */
export const settled = 60_000;

/** Injection tokens of what is not a class. */
export const CONFIG = Symbol('Config');
export const LOGGER = Symbol('Logger');

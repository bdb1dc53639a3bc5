import type { ModuleRef } from '@nestjs/core';

/** A class whose `handlers` answer some of the requests of a namespace. */
type HandlersClass = new (...args: never[]) => { readonly handlers: object };

/** All members of a union at once. */
type Together<Union> = (Union extends unknown ? (one: Union) => void : never) extends (all: infer All) => void
  ? All
  : never;

/** The handlers of several classes as one object; a request that none of them answers is missing in its type. */
export function handlersOf<C extends HandlersClass>(
  modules: ModuleRef,
  classes: readonly C[],
): Together<InstanceType<C>['handlers']> {
  const parts = classes.map((one) => modules.get<InstanceType<C>>(one, { strict: false }).handlers);
  return Object.assign({}, ...parts) as Together<InstanceType<C>['handlers']>;
}

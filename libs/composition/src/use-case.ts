import type { FactoryProvider } from '@nestjs/common';

type Token<T> = abstract new (...args: never[]) => T;

/** Binds a plain class to its collaborators, given in the order of its constructor. */
export function bind<T, A extends unknown[]>(
  useCase: new (...args: A) => T,
  ...inject: { [K in keyof A]: Token<A[K]> }
): FactoryProvider<T> {
  return {
    provide: useCase,
    useFactory: (...args: A) => new useCase(...args),
    inject: [...inject] as Token<unknown>[],
  };
}

import type { FactoryProvider, InjectionToken } from '@nestjs/common';

type Token<T> = abstract new (...args: never[]) => T;

/** Tokens of collaborators, by the names under which a use case takes them. A symbol stands for what is no object of a class. */
type Tokens<D> = { readonly [Name in keyof D]: Token<D[Name]> | symbol };

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

/** Binds a port to its adapter, and that to its collaborators in the order of its constructor. */
export function adapt<T, A extends unknown[]>(
  port: Token<T>,
  adapter: new (...args: A) => T,
  ...inject: { [K in keyof A]: Token<A[K]> }
): FactoryProvider<T> {
  return { ...bind(adapter, ...inject), provide: port };
}

/** Collaborators that the use cases of a domain take as one object, by name. */
export class Collaborators<D extends object> {
  constructor(private readonly tokens: Tokens<D>) {}

  /** Binds a use case to them. */
  bind<T>(useCase: new (deps: D) => T): FactoryProvider<T>;
  /** Binds a use case to them and to more that it alone takes. */
  bind<T, M extends object>(useCase: new (deps: D & NoInfer<M>) => T, more: Tokens<M>): FactoryProvider<T>;
  bind<T>(useCase: new (deps: never) => T, more: object = {}): FactoryProvider<T> {
    const entries = Object.entries<InjectionToken>({ ...this.tokens, ...more });
    return {
      provide: useCase,
      useFactory: (...given: unknown[]) =>
        new useCase(Object.fromEntries(entries.map(([name], index) => [name, given[index]])) as never),
      inject: entries.map(([, token]) => token),
    };
  }
}

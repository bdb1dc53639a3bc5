import type { TestApi } from './api.js';

/** A route of the running API. */
export interface Route {
  readonly method: string;
  /** With its parameters as :name, and * for the rest of a path. */
  readonly path: string;
}

/** Every route that Fastify answers, whoever registered it. */
export function routesOf({ app }: Pick<TestApi, 'app'>): Route[] {
  const tree = app.getHttpAdapter().getInstance().printRoutes({ commonPrefix: false }) as string;
  const parents: string[] = [];
  return tree.split('\n').flatMap((line) => {
    const [, indent, name, methods] = /^((?:[│ ] {3})*)[├└]── (.+?)(?: \(([A-Z, ]+)\))?$/.exec(line) ?? [];
    if (indent === undefined || name === undefined) return [];
    const depth = indent.length / 4;
    const path = depth === 0 ? name : parents[depth - 1] + name;
    parents.splice(depth, parents.length, path);
    return (methods?.split(', ') ?? []).map((method) => ({ method, path }));
  });
}

/** The names of the parameters of a path. */
export function parametersOf({ path }: Route): string[] {
  return [...path.matchAll(/:(\w+)/g)].map(([, name]) => name!);
}

/** The path with its parameters filled in. */
export function pathWith(route: Route, values: Readonly<Record<string, string>>): string {
  return route.path.replaceAll(/:(\w+)/g, (_, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`Say which :${name} ${route.method} ${route.path} is tried with.`);
    return value;
  });
}

import type { RouteContract } from '@yingyun/shared/contract/route-contract';
import { type RouteName, routes } from '@yingyun/shared/contract/routes';

export interface MatchedRoute {
  readonly name: RouteName;
  readonly contract: RouteContract;
  /** Raw text between the slashes. */
  readonly params: Readonly<Record<string, string>>;
}

interface Pattern {
  readonly name: RouteName;
  readonly contract: RouteContract;
  readonly segments: readonly string[];
}

/** The contract's entry for a method and a path, compared literally: no case folding, no trailing slash, no decoding. */
export function createRouteMatcher(): (method: string, path: string) => MatchedRoute | undefined {
  const patterns: Pattern[] = Object.entries(routes).map(([name, contract]) => ({
    name: name as RouteName, // the keys of `routes`
    contract,
    segments: contract.path.split('/'),
  }));
  return (method, path) => {
    const given = path.split('/');
    for (const pattern of patterns) {
      if (pattern.contract.method !== method || pattern.segments.length !== given.length) continue;
      const params: Record<string, string> = {};
      const isMatch = pattern.segments.every((segment, i) => {
        const text = given[i] ?? '';
        if (!segment.startsWith(':')) return segment === text;
        params[segment.slice(1)] = text;
        return text !== '';
      });
      if (isMatch) return { name: pattern.name, contract: pattern.contract, params };
    }
    return undefined;
  };
}

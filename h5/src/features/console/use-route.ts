import { useEffect, useState } from 'react';

/** Where in the console we are: the list, a film's detail over it, or the film itself. Ids only, never a name, in the address. */
export interface ConsoleRoute {
  readonly filmId: string | undefined;
  readonly isReading: boolean;
}

/** The route in the address's hash, so that the back button closes what was opened last. */
export function useRoute(): [ConsoleRoute, (route: ConsoleRoute) => void] {
  const [route, setRoute] = useState(() => parseRoute(location.hash));
  useEffect(() => {
    const follow = () => setRoute(parseRoute(location.hash));
    window.addEventListener('hashchange', follow);
    return () => window.removeEventListener('hashchange', follow);
  }, []);
  return [
    route,
    (next) => {
      location.hash = next.filmId === undefined ? '#/' : `#/films/${next.filmId}${next.isReading ? '/view' : ''}`;
    },
  ];
}

export function parseRoute(hash: string): ConsoleRoute {
  const parts = /^#\/films\/([0-9a-f-]{8,64})(\/view)?$/i.exec(hash);
  return { filmId: parts?.[1], isReading: parts?.[2] !== undefined };
}

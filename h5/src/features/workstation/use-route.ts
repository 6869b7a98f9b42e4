import { useEffect, useState } from 'react';

/** Where in the workstation we are: the list, or an exam, with another beside it. Ids only, never a name, in the address. */
export interface WorkstationRoute {
  readonly filmId: string | undefined;
  readonly besideId: string | undefined;
}

/** The route in the address's hash, so that the back button closes what was opened last. */
export function useRoute(): [WorkstationRoute, (route: WorkstationRoute) => void] {
  const [route, setRoute] = useState(() => parseRoute(location.hash));
  useEffect(() => {
    const follow = () => setRoute(parseRoute(location.hash));
    window.addEventListener('hashchange', follow);
    return () => window.removeEventListener('hashchange', follow);
  }, []);
  return [
    route,
    ({ filmId, besideId }) => {
      const beside = besideId === undefined ? '' : `/beside/${besideId}`;
      location.hash = filmId === undefined ? '#/' : `#/exams/${filmId}${beside}`;
    },
  ];
}

function parseRoute(hash: string): WorkstationRoute {
  const parts = /^#\/exams\/([0-9a-f-]{8,64})(?:\/beside\/([0-9a-f-]{8,64}))?$/i.exec(hash);
  return { filmId: parts?.[1], besideId: parts?.[2] };
}

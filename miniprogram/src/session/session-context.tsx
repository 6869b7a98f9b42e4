import type { ApiClient } from '@yingyun/shared/contract/api-client';
import { createContext, useContext, useEffect, useState } from 'react';
import type { PatientSession, SessionState } from './patient-session';

/** What the app is started with; pages take it from here. */
export interface AppPorts {
  readonly session: PatientSession;
  /** For the routes that need nobody signed in. */
  readonly client: ApiClient;
}

export const AppContext = createContext<AppPorts | null>(null);

export function useApp(): AppPorts {
  const ports = useContext(AppContext);
  if (ports === null) throw new Error('a page was shown outside the app');
  return ports;
}

/** The session's state; the page is shown anew when it changes. */
export function useSessionState(): SessionState {
  const { session } = useApp();
  const [state, setState] = useState(session.state);
  useEffect(() => {
    setState(session.state);
    return session.onChange(() => setState(session.state));
  }, [session]);
  return state;
}

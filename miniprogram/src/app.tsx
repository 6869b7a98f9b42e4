import { createApiClient } from '@yingyun/shared/contract/api-client';
import { type PropsWithChildren, useEffect, useState } from 'react';
import { alone } from './platform/alone';
import { kept } from './platform/kept';
import { randomBytes } from './platform/random-bytes';
import { taroSend } from './platform/send';
import { PatientSession } from './session/patient-session';
import { createSealedStore } from './session/sealed-store';
import { AppContext, type AppPorts } from './session/session-context';
import { LargeTypeProvider } from './ui/large-type';
import './app.css';

/** Puts the app together; every page finds its ports in `AppContext`. */
export default function App({ children }: PropsWithChildren) {
  const [ports] = useState(createPorts);
  useEffect(() => {
    void ports.session.restore();
  }, [ports]);
  return (
    <AppContext.Provider value={ports}>
      <LargeTypeProvider>{children}</LargeTypeProvider>
    </AppContext.Provider>
  );
}

function createPorts(): AppPorts {
  const client = createApiClient(taroSend);
  const store = createSealedStore(kept, randomBytes);
  return { client, session: new PatientSession({ client, store, alone, now: Date.now }) };
}

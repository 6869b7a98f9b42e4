import type { ApiClient } from '@yingyun/shared/contract/api-client';
import { StaffApp } from '../../staff/staff-app';
import { FilmsPage } from './films-page';
import { text } from './text-zh';

/** The console: sign-in, then films. */
export function ConsoleApp({ client }: { readonly client: ApiClient }) {
  return (
    <StaffApp client={client} title={text.signInTitle}>
      {({ api, session, signOut }) => <FilmsPage api={api} session={session} onSignOut={signOut} />}
    </StaffApp>
  );
}

import type { ApiClient } from '@yingyun/shared/contract/api-client';
import { type SignedInStaff, StaffApp } from '../../staff/staff-app';
import { ExamPage } from './exam-page';
import { ListPage } from './list-page';
import { text } from './text-zh';
import { useExams } from './use-exams';
import { useRoute } from './use-route';

/** The doctor's workstation: sign-in, the list of exams, an exam. */
export function WorkstationApp({ client }: { readonly client: ApiClient }) {
  return (
    <StaffApp client={client} title={text.signInTitle}>
      {(signedIn) => <SignedInWorkstation {...signedIn} />}
    </StaffApp>
  );
}

/** The list's query and rows are kept while an exam is open, so that going back finds them as they were. */
function SignedInWorkstation(staff: SignedInStaff) {
  const [route, go] = useRoute();
  const exams = useExams(staff.api);
  if (route.filmId === undefined)
    return <ListPage staff={staff} exams={exams} onOpen={(filmId) => go({ filmId, besideId: undefined })} />;
  return (
    <ExamPage
      key={route.filmId}
      api={staff.api}
      filmId={route.filmId}
      besideId={route.besideId}
      onGo={go}
      onOpened={exams.markRead}
    />
  );
}

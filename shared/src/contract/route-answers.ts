import type { RouteName } from './routes';

/** The name of the type each route answers with (routes.ts, film-manifest.ts); 'frames' is the binary batch of frame-batch.ts. */
export const routeAnswers = {
  openShare: 'OpenedShare',
  renewShare: 'ShareAccess',
  sharedFilm: 'FilmManifest',
  sharedFrames: 'frames',
  signIn: 'SignedIn',
  signOut: 'Empty',
  listFilms: 'FilmList',
  film: 'FilmManifest',
  filmFrames: 'frames',
  createShare: 'CreatedShare',
  listShares: 'ShareList',
  revokeShare: 'Empty',
  searchExams: 'ExamList',
  relatedExams: 'RelatedExams',
  examReports: 'ExamReports',
} as const satisfies Record<RouteName, string>;

import type { ReportManifest } from '@yingyun/shared/contract/film-manifest';

/**
 * Every version but the one that is shown. A version's number doesn't tell it: a study may have two reports, each with versions of its own,
 * and the other report's must not be left out with it.
 */
export function otherVersions(shown: ReportManifest | null, all: readonly ReportManifest[]): readonly ReportManifest[] {
  const at = shown === null ? -1 : all.findIndex((one) => isSame(one, shown));
  return all.filter((_, i) => i !== at);
}

function isSame(one: ReportManifest, other: ReportManifest): boolean {
  return (
    one.version === other.version &&
    one.status === other.status &&
    one.reportedAt === other.reportedAt &&
    one.impression === other.impression &&
    one.findings === other.findings
  );
}

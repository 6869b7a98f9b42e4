import type { ReportStatus } from '@yingyun/shared/domain/instance-state';

/** What a version says, opened. Two versions with the same content are one. */
export interface VersionContent {
  readonly status: ReportStatus;
  readonly findings: string;
  readonly impression: string;
  readonly reportingDoctor: string;
  readonly approvingDoctor: string;
  readonly examItem: string;
  /** Milliseconds since 1970. */
  readonly reportedAt: number;
}

export interface FiledVersion {
  readonly content: VersionContent;
  readonly sender: string;
  readonly messageControlId: string;
  readonly journalSequence: number;
}

const rank: Record<ReportStatus, number> = { preliminary: 0, approved: 1, amended: 2, withdrawn: 3 };

/**
 * What an incoming version is to the versions a report has (`filed`, oldest first; the last one is current).
 * - `duplicate`: the same message again (sender, MSH-10, content), or nothing that differs from the current version.
 * - `stale`: older than the current version by its own time; at the same time, of lower rank (P < F < C < X) or acknowledged earlier.
 *   It overtook nothing on purpose: the current version stays.
 * - `new`: becomes the current version. A later P after F does too: the hospital has taken its approval back.
 */
export function placeVersion(incoming: FiledVersion, filed: readonly FiledVersion[]): 'duplicate' | 'stale' | 'new' {
  const current = filed.at(-1);
  if (current === undefined) return 'new';
  const isRepeated = filed.some(
    (version) =>
      version.sender === incoming.sender &&
      version.messageControlId === incoming.messageControlId &&
      isSame(version.content, incoming.content),
  );
  if (isRepeated || isSame(current.content, incoming.content)) return 'duplicate';
  const difference =
    incoming.content.reportedAt - current.content.reportedAt ||
    rank[incoming.content.status] - rank[current.content.status] ||
    incoming.journalSequence - current.journalSequence;
  return difference < 0 ? 'stale' : 'new';
}

function isSame(a: VersionContent, b: VersionContent): boolean {
  return (
    a.status === b.status &&
    a.findings === b.findings &&
    a.impression === b.impression &&
    a.reportingDoctor === b.reportingDoctor &&
    a.approvingDoctor === b.approvingDoctor &&
    a.examItem === b.examItem &&
    a.reportedAt === b.reportedAt
  );
}

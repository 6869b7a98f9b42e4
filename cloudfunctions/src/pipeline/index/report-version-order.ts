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
 * The report's history with the incoming version at its place, oldest first; the last one is what is shown, whatever order the messages
 * came in. Undefined where it adds nothing: the same message again (sender, MSH-10, content), or what doesn't differ from its neighbour.
 *
 * Versions follow their own time; at the same time P < F < C < X; of one status then the counter at the end of MSH-10, where all
 * of that moment are numbered alike, else the order of arrival. A later P after F comes last too: the hospital has taken its approval back.
 */
export function withVersion<V extends FiledVersion>(incoming: V, filed: readonly V[]): readonly V[] | undefined {
  const isRepeated = filed.some(
    (version) =>
      version.sender === incoming.sender &&
      version.messageControlId === incoming.messageControlId &&
      isSame(version.content, incoming.content),
  );
  if (isRepeated) return undefined;
  const history = inOrder([...filed, incoming]);
  const at = history.indexOf(incoming);
  const neighbours = [history[at - 1], history[at + 1]];
  const addsNothing = neighbours.some((other) => other !== undefined && isSame(other.content, incoming.content));
  return addsNothing ? undefined : history;
}

function inOrder<V extends FiledVersion>(versions: readonly V[]): V[] {
  const seriesOfMoment = new Map<string, Set<string>>();
  for (const version of versions) {
    const series = seriesOfMoment.get(momentOf(version)) ?? new Set();
    seriesOfMoment.set(momentOf(version), series.add(counterOf(version).series));
  }
  const byCounter = (a: V, b: V) =>
    seriesOfMoment.get(momentOf(a))?.size === 1 ? counterOf(a).number - counterOf(b).number : 0;
  return [...versions].sort(
    (a, b) =>
      a.content.reportedAt - b.content.reportedAt ||
      rank[a.content.status] - rank[b.content.status] ||
      byCounter(a, b) ||
      a.journalSequence - b.journalSequence,
  );
}

function momentOf({ content }: FiledVersion): string {
  return `${content.reportedAt} ${content.status}`;
}

/** "CT-0017" is number 17 of "CT-". An id without a number at its end is a series of its own, so that random ones say nothing. */
function counterOf({ sender, messageControlId }: FiledVersion): { readonly series: string; readonly number: number } {
  const digits = /\d{1,15}$/.exec(messageControlId)?.[0] ?? ''; // 15 digits are exact in a double
  const head = messageControlId.slice(0, messageControlId.length - digits.length);
  return { series: JSON.stringify([sender, head]), number: Number(digits) };
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

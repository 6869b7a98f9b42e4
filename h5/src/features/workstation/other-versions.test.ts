import type { ReportManifest } from '@yingyun/shared/contract/film-manifest';
import { expect, it } from 'vitest';
import { otherVersions } from './other-versions';

const report = (version: number, impression: string): ReportManifest => ({
  status: 'approved',
  version,
  impression,
  findings: '',
  reportingDoctor: '',
  approvingDoctor: '',
  reportedAt: '2026-03-01T00:00:00.000Z',
  approvedAt: '',
});

it('leaves out the version that is shown, and none of the study’s other report', () => {
  const [chest2, chest1, spine2, spine1] = [report(2, '肺'), report(1, '肺'), report(2, '脊柱'), report(1, '脊柱')];
  expect(otherVersions({ ...spine2 }, [chest2, spine2, chest1, spine1])).toEqual([chest2, chest1, spine1]);
  expect(otherVersions(null, [chest1])).toEqual([chest1]);
});

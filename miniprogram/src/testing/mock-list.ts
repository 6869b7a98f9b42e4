import type { PatientFilmItem } from '@yingyun/shared/contract/patient-routes';
import { manifest } from '../../../h5/src/testing/mock-films';

const items = ['胸部 CT 平扫', '颅脑 MR 平扫 + 弥散', '胸部正侧位 DR', '腹部超声', '冠状动脉 CT 血管成像'];

/** Invented films, newest first, over three years. */
export function mockFilmList(count: number): PatientFilmItem[] {
  return Array.from({ length: count }, (_, i) => ({
    filmId: `7f6d0c1e-0000-4000-8000-${String(i + 1).padStart(12, '0')}`,
    hospitalName: manifest.hospitalName,
    nameMasked: i % 3 === 2 ? '李*' : '张*华',
    examItem: items[i % items.length] ?? '',
    modalities: ['CT'],
    bodyPart: 'CHEST',
    examAt: new Date(Date.UTC(2026, 2, 1, 8, 30) - i * 40 * 86_400_000).toISOString().slice(0, 19),
    instanceCount: [24, 312, 2, 0, 486][i % 5] ?? 1,
    reportStatus: (['approved', 'none', 'amended'] as const)[i % 3] ?? 'none',
    viewUntil: i === 0 ? new Date(Date.now() + 20 * 86_400_000).toISOString() : null,
    activeShares: i === 0 ? 1 : 0,
  }));
}

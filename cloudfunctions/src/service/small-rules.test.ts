import { describe, expect, it } from 'vitest';
import { createHandClock } from '../testing/fakes';
import { createAttemptLimits } from './attempt-limits';
import { factorOut } from './common-attributes';
import { afterFailure, isLocked, sharePolicy, signInPolicy } from './failure-policy';
import { maskedName } from './masked-name';
import { oneTimeCodeSecret, stepOfCode } from './one-time-code';
import { windowPresetsOf } from './window-presets';

describe('a masked name', () => {
  it.each([
    ['张三', '张*'],
    ['张三丰', '张**'],
    ['欧阳^娜娜', '欧**'],
    ['Zhang^San=张^三', '张*'],
    ['ZHANG^SAN', 'Z**'],
    ['王', '王*'],
    ['', ''],
    ['^^^^', ''],
    ['=李^四', '李*'],
    ['𠮷田^太郎', '𠮷**'],
  ])('of %s is %s', (name, masked) => expect(maskedName(name)).toBe(masked));
});

describe('one-time codes', () => {
  // RFC 6238 Appendix B: SHA-1, the secret "12345678901234567890"; its 8-digit values, of which six-digit codes are the last six.
  const secret = oneTimeCodeSecret(Buffer.from('12345678901234567890', 'ascii'));
  it.each([
    [59, '94287082'],
    [1_111_111_109, '07081804'],
    [1_111_111_111, '14050471'],
    [1_234_567_890, '89005924'],
    [2_000_000_000, '69279037'],
    [20_000_000_000, '65353130'],
  ])('at %d s equal the vector %s', (seconds, vector) => {
    expect(secret).toBe('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ');
    expect(stepOfCode(secret, vector.slice(2), new Date(seconds * 1000))).toBe(Math.floor(seconds / 30));
  });

  it('fit one step early or late, and not two', () => {
    const code = '287082';
    expect(stepOfCode(secret, code, new Date(59_000 + 30_000))).toBe(1);
    expect(stepOfCode(secret, code, new Date(29_000))).toBe(1);
    expect(stepOfCode(secret, code, new Date(59_000 + 60_000))).toBeUndefined();
  });
});

describe('failure counters', () => {
  const at = (minute: number) => new Date(Date.UTC(2026, 2, 1, 0, minute));
  const none = { failures: 0, firstFailureAt: null, lockedUntil: null };

  it('lock at the fifth failure and not before', () => {
    let record = afterFailure(signInPolicy, none, at(0));
    for (let i = 1; i < 4; i++) record = afterFailure(signInPolicy, record, at(i));
    expect(isLocked(record, at(4))).toBe(false);
    record = afterFailure(signInPolicy, record, at(4));
    expect(record.lockedUntil).toEqual(at(19));
    expect(isLocked(record, at(18))).toBe(true);
    expect(isLocked(record, at(19))).toBe(false);
  });

  it('of a link count for its whole life', () => {
    let record = none as Parameters<typeof afterFailure>[1];
    for (let i = 0; i < 10; i++) record = afterFailure(sharePolicy, record, at(i * 60));
    expect(record).toMatchObject({ failures: 10, lockedUntil: at(9 * 60 + 30) });
  });
});

describe('limits per address', () => {
  it('run out after so many attempts, refill within the hour, and leave other addresses alone', () => {
    const clock = createHandClock();
    const limits = createAttemptLimits(clock, { 'share-open': 20, 'staff-sign-in': 60 });
    for (let i = 0; i < 20; i++) {
      expect(limits.take('share-open', '10.0.0.1')).toBe(true);
    }
    expect(limits.take('share-open', '10.0.0.1')).toBe(false);
    expect(limits.take('share-open', '10.0.0.2')).toBe(true);
    expect(limits.take('staff-sign-in', '10.0.0.1')).toBe(true);
    clock.advance(3 * 60_000);
    expect(limits.take('share-open', '10.0.0.1')).toBe(true);
  });

  it('get back what a success took, and never more than they had', () => {
    const limits = createAttemptLimits(createHandClock(), { 'share-open': 1 });
    for (let i = 0; i < 5; i++) {
      expect(limits.take('share-open', '10.0.0.1')).toBe(true);
      limits.giveBack('share-open', '10.0.0.1');
    }
    limits.giveBack('share-open', '10.0.0.1');
    expect(limits.take('share-open', '10.0.0.1')).toBe(true);
    expect(limits.take('share-open', '10.0.0.1')).toBe(false);
  });
});

describe('window presets', () => {
  it('are those of the body part for CT, and none where the scale means nothing', () => {
    expect(windowPresetsOf('CT', 'Chest').map((preset) => preset.name)).toEqual(['肺窗', '纵隔窗', '骨窗']);
    expect(windowPresetsOf('CT', 'HEAD')[0]).toEqual({ name: '脑窗', center: 40, width: 80 });
    expect(windowPresetsOf('CT', '')).not.toHaveLength(0);
    expect(windowPresetsOf('MR', 'HEAD')).toEqual([]);
  });
});

describe('common attributes', () => {
  it('stand once, and what differs stands with its frame', () => {
    const frame = (instanceNumber: number) => ({
      rows: 4,
      voi: [{ center: 1, width: 2, explanation: '' }],
      instanceNumber,
    });
    const frames = [frame(1), frame(2)] as unknown as Parameters<typeof factorOut>[0]; // three attributes are enough here
    expect(factorOut(frames)).toEqual({
      common: { rows: 4, voi: [{ center: 1, width: 2, explanation: '' }] },
      rest: [{ instanceNumber: 1 }, { instanceNumber: 2 }],
    });
  });
});

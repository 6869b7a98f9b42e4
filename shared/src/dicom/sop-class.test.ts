import { describe, expect, it } from 'vitest';
import { isStorageSopClass, knownStorageSopClasses, storageSopClassName, verificationSopClass } from './sop-class';

describe('storage SOP classes', () => {
  it('can store every class it knows by name', () => {
    expect(knownStorageSopClasses().length).toBeGreaterThan(170);
    for (const uid of knownStorageSopClasses()) {
      expect(isStorageSopClass(uid)).toBe(true);
      expect(storageSopClassName(uid)).toMatch(/Storage|VL/);
    }
  });

  it('can store a class that the standard adds to the arc tomorrow', () => {
    expect(isStorageSopClass('1.2.840.10008.5.1.4.1.1.999.1')).toBe(true);
    expect(storageSopClassName('1.2.840.10008.5.1.4.1.1.999.1')).toBeUndefined();
  });

  it('stores RT Beams Delivery Instruction, which stands outside the arc', () => {
    expect(isStorageSopClass('1.2.840.10008.5.1.4.34.7')).toBe(true);
  });

  it('refuses services and objects of no patient', () => {
    const refused = [
      verificationSopClass,
      '1.2.840.10008.5.1.4.1.2.2.1', // Study Root FIND
      '1.2.840.10008.5.1.4.38.1', // Hanging Protocol Storage
      '1.2.840.10008.5.1.4.1.1.201.1', // Inventory Storage
      '1.2.840.10008.1.3.10', // Media Storage Directory
      '1.2.840.10008.5.1.4.1.1', // the arc itself
    ];
    for (const uid of refused) expect(isStorageSopClass(uid)).toBe(false);
  });

  it('stores a private class only where it is configured', () => {
    const csaNonImage = '1.3.12.2.1107.5.9.1'; // Siemens CSA Non-Image Storage
    expect(isStorageSopClass(csaNonImage)).toBe(false);
    expect(isStorageSopClass(csaNonImage, [csaNonImage])).toBe(true);
  });
});

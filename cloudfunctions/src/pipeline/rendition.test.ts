import { afterEach, beforeEach, expect, it } from 'vitest';
import { openView } from '../adapters/database/instance-view';
import { createInProcessTranscoder } from '../adapters/transcoder/in-process-transcoder';
import type { Database } from '../ports/database';
import { instance, storedObject } from '../ports/schema';
import { type ArchiveWorld, addHospital, createArchiveWorld } from '../testing/archive-world';
import { describeEachDatabase } from '../testing/for-each-database';
import { madeInstance } from '../testing/made-instance';
import { readFrameBytes } from './read-stored-object';

describeEachDatabase('archiving what a phone cannot decode', (open) => {
  let database: Database;
  let world: ArchiveWorld;
  beforeEach(async () => {
    database = (await open()).database;
    world = await createArchiveWorld(database, createInProcessTranscoder());
  });
  afterEach(() => world.close());
  const a = { sopInstanceUid: '1.2.3.4' };

  it('keeps what was derived for viewing as an object of its own, and derives it again for a lost database', async () => {
    const received = withHighBit(madeInstance({ ...a, side: 64 }), 15);
    await world.receive(a, received);
    await world.settle();
    const fresh = (await open()).database;
    await addHospital(fresh, world.ports.clock.now());
    await world.settle({ ...world.ports, database: fresh });
    const frames: Uint8Array[] = [];
    for (const one of [database, fresh]) {
      const [row] = await one.select().from(instance);
      const objects = await one.select().from(storedObject);
      expect(objects.map(({ objectClass }) => objectClass).sort()).toEqual(['dicom', 'rendition']);
      if (!row?.viewSealed) throw new Error('not indexed');
      const view = await openView(world.ports.fields, row, row.viewSealed);
      expect(view).toMatchObject({ withoutImage: '', common: { rendition: 'derived', bitsStored: 12 } });
      const rendition = objects.find(({ objectClass }) => objectClass === 'rendition');
      if (rendition === undefined) throw new Error('no rendition');
      const [frame = { offset: 0, bands: [0] }] = view.frames;
      frames.push(await readFrameBytes(world.ports, rendition, frame.offset, frame.bands.at(-1) ?? 0));
    }
    expect([...(frames[0] ?? new Uint8Array(0)).subarray(0, 4)]).toEqual([0xff, 0x4f, 0xff, 0x51]);
    expect(frames[1]).toEqual(frames[0]);
  });
});

/** High Bit (0028,0102), in explicit VR little endian. */
function withHighBit(bytes: Uint8Array, highBit: number): Uint8Array {
  const copy = Buffer.from(bytes);
  const at = copy.indexOf(Uint8Array.of(0x28, 0, 2, 1, 0x55, 0x53, 2, 0));
  copy.writeUInt16LE(highBit, at + 8);
  return new Uint8Array(copy);
}

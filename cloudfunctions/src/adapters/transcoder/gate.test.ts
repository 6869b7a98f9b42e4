import { describe, expect, it } from 'vitest';
import { createGate } from './gate';

const turn = () => new Promise((resolve) => setImmediate(resolve));

function setUp(places: number) {
  const gate = createGate(places);
  const inside: string[] = [];
  const leaves = new Map<string, () => void>();
  const note = (name: string) => (leave: () => void) => {
    inside.push(name);
    leaves.set(name, () => {
      inside.splice(inside.indexOf(name), 1);
      leave();
    });
  };
  return {
    inside,
    enter: (name: string, rank: 'first' | 'last' = 'last') => void gate.enter(rank).then(note(name)),
    enterAlone: (name: string) => void gate.enterAlone().then(note(name)),
    leave: async (name: string) => {
      leaves.get(name)?.();
      await turn();
    },
  };
}

describe('a gate', () => {
  it('lets in as many as it has places, and who is further on before the others', async () => {
    const { inside, enter, leave } = setUp(1);
    enter('a');
    enter('b');
    enter('c', 'first');
    await turn();
    expect(inside).toEqual(['a']);
    await leave('a');
    expect(inside).toEqual(['c']);
    await leave('c');
    expect(inside).toEqual(['b']);
  });

  it('lets one in alone when all others have left, two such one after the other, and then the rest', async () => {
    const { inside, enter, enterAlone, leave } = setUp(2);
    enter('a');
    enter('b');
    enterAlone('x');
    enterAlone('y');
    await turn();
    enter('c');
    expect(inside).toEqual(['a', 'b']);
    await leave('a');
    expect(inside).toEqual(['b']);
    await leave('b');
    expect(inside).toEqual(['x']);
    await leave('x');
    expect(inside).toContain('c');
    await leave('c');
    expect(inside).toEqual(['y']);
    await leave('y');
    enter('d');
    enter('e');
    await turn();
    expect(inside).toEqual(['d', 'e']);
  });
});

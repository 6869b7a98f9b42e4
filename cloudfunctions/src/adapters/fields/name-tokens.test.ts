import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nameMatches, tokensOfName, tokensOfQuery } from './name-tokens';

/** As the search works: every token of the query is there, and then the opened name matches. */
const finds = (query: string, name: string) => {
  const stored = new Set(tokensOfName(name));
  const wanted = tokensOfQuery(query);
  return wanted.length > 0 && wanted.every((token) => stored.has(token)) && nameMatches(name, query);
};

describe('the search for a sealed name', () => {
  it.each([
    ['张三', '张三'],
    ['张', '张三'],
    ['三丰', '张^三丰'],
    ['zhang', '张三'],
    ['zhangsan', '张三'],
    ['zhangsanfeng', 'Zhang^Sanfeng=张^三丰='],
    ['zhang san', '张三'],
    ['san zhang', '张三'],
    ['ZHANGS', '张三'],
    ['zs', '张三'],
    ['zsf', '张三丰'],
    ['sf', '张三丰'],
    ['z', '张三'],
    ['张san', '张三'],
    ['张 三', '张三'],
    ['ｚｈａｎｇ', '张三'],
    ['shan', '单雄信'], // as a surname 单 is shan
    ['dan', '单雄信'], // and is typed dan by who doesn't know
    ['yuchi', '尉迟恭'],
    ['zeng', '曾巩'],
    ['lv', '吕布'],
    ['lü', '吕布'],
    ['lyu', '吕布'],
    ['lubu', '吕布'],
    ['热合曼', '阿卜杜·热合曼'],
    ['abuduwaili', '阿卜杜外力'],
    ['abdurahman', 'ABDURAHMAN^MEMET'],
    ['memet', 'ABDURAHMAN^MEMET'],
    ['am', 'ABDURAHMAN^MEMET'],
    ['jose', 'José^García'],
    ['muller', 'Müller^Hans'],
    ['test01', 'TEST01'],
  ])('finds by %s: %s', (query, name) => {
    expect(finds(query, name)).toBe(true);
  });

  it.each([
    ['张四', '张三'],
    ['三张', '张三'],
    ['hang', '张三'], // not from the beginning of a syllable
    ['zhangsi', '张三'],
    ['zz', '张三'],
    ['zhang wu', '张三'],
    ['', '张三'],
    ['^=', '张三'],
    ['%_', '张三'],
    ['zhang', ''],
  ])('does not find by %s: %s', (query, name) => {
    expect(finds(query, name)).toBe(false);
  });

  it('has every token of a query whenever the name matches it', () => {
    const han = fc.constantFrom(...'张王李赵单曾吕女解仇盖行朴翟重长乐阿卜杜买提');
    const latin = fc.constantFrom('Zhang', 'SAN', 'Wang', 'Ou', 'Memet', 'a', 'an');
    const name = fc.oneof(
      fc.array(han, { minLength: 1, maxLength: 5 }).map((all) => all.join('')),
      fc.array(latin, { minLength: 1, maxLength: 4 }).map((all) => all.join('^')),
      fc.tuple(latin, latin, han, han).map(([a, b, c, d]) => `${a}^${b}=${c}^${d}=`),
    );
    const query = fc.oneof(
      fc.array(han, { minLength: 1, maxLength: 3 }).map((all) => all.join('')),
      fc.array(fc.constantFrom(...'zhangsdw lveuqioc'), { minLength: 1, maxLength: 8 }).map((all) => all.join('')),
    );
    fc.assert(
      fc.property(name, query, (n, q) => {
        if (!nameMatches(n, q)) return;
        const stored = new Set(tokensOfName(n));
        expect(tokensOfQuery(q).filter((token) => !stored.has(token))).toEqual([]);
      }),
      { numRuns: 3000, seed: 7 },
    );
  });

  it('stores few tokens for a usual name, and stays bounded for a hostile one', () => {
    expect(tokensOfName('张三').length).toBeLessThanOrEqual(15);
    expect(tokensOfName('Zhang^Sanfeng=张^三丰=').length).toBeLessThanOrEqual(30);
    const from = performance.now();
    expect(tokensOfName('行'.repeat(500)).length).toBeLessThanOrEqual(600);
    expect(nameMatches('行'.repeat(500), 'xinghanghengx'.repeat(100))).toBe(false);
    expect(performance.now() - from).toBeLessThan(1000);
  });
});

// What keeps people with other eyes, hands or ears from a page, as axe-core sees it (WCAG 2.1 A and AA).
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

/**
 * The serious and critical findings on a page as it is: `rule: selector, selector`, none where all is well.
 * @param {import('playwright-core').Page} page
 * @returns {Promise<string[]>}
 */
export async function barriersOn(page) {
  // By the debugger: the page's own policy lets no foreign script in.
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(`${readFileSync(axe, 'utf8')};0`);
  return page.evaluate(async () => {
    const { violations } = await globalThis.axe.run(document, {
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'],
      resultTypes: ['violations'],
      iframes: false,
    });
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(
        ({ id, nodes }) =>
          `${id}: ${nodes
            .map(({ target }) => target.join(' '))
            .slice(0, 4)
            .join(', ')}`,
      );
  });
}

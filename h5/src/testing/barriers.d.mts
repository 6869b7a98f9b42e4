import type { Page } from 'playwright-core';

export declare function barriersOn(page: Page): Promise<string[]>;

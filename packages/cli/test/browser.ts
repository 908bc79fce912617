import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core';
import { expect } from 'vitest';

/** Opens a page; after `work` nothing may have gone wrong in it, and nothing but its file been asked for. */
export async function visit(
  browser: Browser,
  { address, fragment = '', ...context }: VisitOptions,
  work: (page: Page) => Promise<void>,
): Promise<void> {
  const page = await browser.newPage({
    viewport: { width: 1280, height: 900 },
    locale: 'en-US',
    ...context,
  });
  page.setDefaultTimeout(60_000);
  const wrong: string[] = [];
  const requests: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') wrong.push(message.text());
  });
  page.on('pageerror', (error) => wrong.push(error.message));
  page.on('request', (request) => requests.push(request.url()));
  await page.goto(`${address}${fragment}`);
  await page.waitForSelector('html.live');
  await work(page);
  await page.close();
  expect(wrong).toEqual([]);
  expect(requests.filter((url) => !url.startsWith('blob:') && !url.startsWith(address))).toEqual([]);
}

export interface VisitOptions extends BrowserContextOptions {
  readonly address: string;
  readonly fragment?: string;
}

export const choose = (page: Page | Locator, label: string, value: string) =>
  page.getByRole('combobox', { name: label, exact: true }).selectOption(value);

export const button = (page: Page | Locator, name: string): Locator =>
  page.getByRole('button', { name, exact: true });

/** Lets virtual time pass until something is there to be seen. */
export async function playUntil(page: Page, there: Locator): Promise<void> {
  await choose(page, 'Speed', '500000');
  await button(page, 'Play').click();
  await there.first().waitFor();
  const pause = button(page, 'Pause');
  if (await pause.isVisible()) await pause.click();
}

export const leads = (page: Page): Locator => page.locator('.cluster .node.tone-leads');

export const card = (page: Page, node: number): Locator => page.locator('.node-card').nth(node - 1);

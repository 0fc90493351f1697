import type { Page } from 'playwright-core';

/** One picture of the documents: what a user did before it was taken. */
export interface Picture {
  readonly name: string;
  readonly theme: 'dark' | 'light';
  readonly prepare: (page: Page) => Promise<void>;
}

/** In an order in which no picture shows what a later one broke on purpose. */
export const PICTURES_OF_LAB50: readonly Picture[] = [
  { name: 'overview', theme: 'dark', prepare: overview },
  { name: 'transfers', theme: 'dark', prepare: transfers },
  { name: 'charts', theme: 'dark', prepare: (page) => goTo(page, 'h') },
  { name: 'configuration', theme: 'dark', prepare: configuration },
  { name: 'calls', theme: 'dark', prepare: calls },
  { name: 'sql', theme: 'dark', prepare: sql },
  { name: 'tables', theme: 'light', prepare: tables },
  { name: 'registry', theme: 'light', prepare: registry },
  { name: 'consoles', theme: 'light', prepare: consoles },
  { name: 'state', theme: 'light', prepare: (page) => goTo(page, 's') },
  { name: 'labs', theme: 'light', prepare: labs },
  { name: 'nodes', theme: 'light', prepare: nodes },
  { name: 'topology', theme: 'dark', prepare: topology },
];

export const PICTURES_OF_HA: readonly Picture[] = [
  { name: 'two-icons', theme: 'dark', prepare: twoIcons },
  { name: 'sessions', theme: 'dark', prepare: sessions },
];

async function goTo(page: Page, letter: string): Promise<void> {
  await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
  await page.keyboard.press('Escape');
  await page.keyboard.press('g');
  await page.keyboard.press(letter);
}

/** As fast as it goes until the lab's time of day, then paused. */
export async function runUntil(page: Page, time: string): Promise<void> {
  await page.selectOption('.transport select', '0');
  const run = page.getByRole('button', { name: '▶ Run' });
  if (await run.isVisible()) await run.click();
  await page.waitForFunction((wanted) => {
    const clock = document.querySelector('time.clock')?.textContent ?? '';
    return clock.slice(clock.indexOf(' ') + 1).trim() >= wanted;
  }, time);
  await page.getByRole('button', { name: 'Pause' }).click();
  await run.waitFor();
}

async function overview(page: Page): Promise<void> {
  await goTo(page, 'o');
  await page.locator('.message.init').first().click();
  await page.waitForSelector('.chain li');
  await type(page, 'cca', 'rttest /cust lab50', 'status');
}

async function transfers(page: Page): Promise<void> {
  await goTo(page, 'o');
  await page.getByRole('tab', { name: /State transfers/ }).click();
}

async function configuration(page: Page): Promise<void> {
  await goTo(page, 'c');
  await page.getByRole('button', { name: 'New Skill' }).click();
  await page.fill('#field-name', 'Greek');
  await page.selectOption('#field-tenant', { index: 1 });
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByRole('button', { name: 'Second', exact: true }).click();
  await page.getByRole('region', { name: 'What this edit did' }).waitFor();
}

async function calls(page: Page): Promise<void> {
  await goTo(page, 'a');
  const found = page.locator('.calls li button');
  await found.first().waitFor();
  const consulted = found.filter({ hasText: /consult/ });
  await ((await consulted.count()) > 0 ? consulted : found).first().click();
  await page.getByRole('region', { name: 'Messages' }).locator('tr').nth(3).waitFor();
}

async function sql(page: Page): Promise<void> {
  await goTo(page, 't');
  await page.getByRole('tab', { name: 'SQL', exact: true }).click();
  await page.getByRole('button', { name: 'Run query' }).click();
  await page.locator('tbody td').first().waitFor();
}

async function tables(page: Page): Promise<void> {
  await goTo(page, 't');
  await page.getByRole('tab', { name: 'IDB', exact: true }).click();
  await page.getByRole('button', { name: /^G_PARTY\s*\d/ }).click();
  await page.locator('tbody tr').nth(3).click();
  await page.getByText('Why it was written').waitFor();
}

async function registry(page: Page): Promise<void> {
  await goTo(page, 'r');
  await page.getByRole('button', { name: 'StateSizeThresholdMB' }).click();
}

async function consoles(page: Page): Promise<void> {
  await goTo(page, 'k');
  await type(page, 'ccb', 'rttest /cust lab50', 'status');
}

async function labs(page: Page): Promise<void> {
  await goTo(page, 'o');
  await page.keyboard.press('Control+o');
  await page.getByRole('list', { name: 'Kept labs' }).getByText('open here').waitFor();
}

async function nodes(page: Page): Promise<void> {
  await goTo(page, 'n');
  await page.getByRole('button', { name: 'crash rb-rtr' }).click();
  for (let event = 0; event < 3; event++) {
    await page.getByRole('button', { name: 'Event', exact: true }).click();
  }
  const line = page.getByRole('log').getByRole('button', { name: /went down for an unknown/ });
  await line.first().click();
  await page.getByRole('region', { name: 'Inspector' }).getByText('crash-process').waitFor();
}

async function topology(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Second', exact: true }).click();
  await goTo(page, 'm');
  await page.locator('[data-process="ra-mds"]').click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Hang ra-mds' }).click();
  await page.getByRole('button', { name: /^Lift/ }).first().waitFor();
}

async function twoIcons(page: Page): Promise<void> {
  await goTo(page, 'k');
  await page.getByRole('tab', { name: 'Lab', exact: true }).click();
  await type(page, 'lab', 'cut public icon ts-east');
  await runUntil(page, '09:06');
  await type(page, 'lab', 'repair public icon ts-east', 'do crash-process process=icon2');
  await runUntil(page, '09:08');
  await type(page, 'lab', 'do start-process process=icon2');
  await runUntil(page, '09:10');
  await goTo(page, 'd');
  await page
    .getByText(/better IDB/i)
    .first()
    .waitFor();
}

async function sessions(page: Page): Promise<void> {
  await goTo(page, 'd');
  await page.locator('.track button.gap').first().click();
}

async function type(page: Page, host: string, ...lines: readonly string[]): Promise<void> {
  await page.getByRole('tab', { name: TABS.get(host) ?? host }).click();
  for (const line of lines) {
    await page.fill(`#line-${host}`, line);
    await page.keyboard.press('Enter');
    await page.waitForTimeout(400);
  }
}

const TABS = new Map([
  ['lab', /^Lab$/],
  ['cca', /^A Central Controller/],
  ['ccb', /^B Central Controller/],
]);

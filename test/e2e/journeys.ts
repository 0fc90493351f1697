import type { Page } from 'playwright-core';
import { expect } from 'vitest';

/** What a user does first, the same in every shell that shows the renderer. */

export async function goTo(
  page: Page,
  letter: 'o' | 'm' | 'n' | 'c' | 'k' | 'r' | 's' | 'a' | 'd' | 'h' | 't',
): Promise<void> {
  await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
  // Sent together: between the two keys no more than a second may pass.
  await Promise.all([page.keyboard.press('g'), page.keyboard.press(letter)]);
  await page.locator(`[data-view][aria-current="page"][title$="(g ${letter})"]`).waitFor();
}

/** The rows that were asked for last are there; those of before may still be seen until then. */
export async function waitForRows(page: Page): Promise<void> {
  await page.locator('.grid:not([aria-busy="true"]) tbody tr').first().waitFor();
}

/** The first start: a card that blocks nothing, and does not come again. */
export async function takeTour(page: Page): Promise<void> {
  const tour = page.getByRole('complementary', { name: 'Tour' });
  await tour.getByText('1 of 5').waitFor();
  for (let step = 0; step < 4; step++) await tour.getByRole('button', { name: 'Next' }).click();
  await tour.getByRole('button', { name: 'Done' }).click();
  await tour.waitFor({ state: 'detached' });
}

/** Full speed until a time of day such as `09:10`, then paused. */
export async function runUntilClock(page: Page, time: string): Promise<void> {
  await page.selectOption('.transport select', '0');
  await page.waitForFunction((wanted) => {
    const clock = document.querySelector('time.clock')?.textContent ?? '';
    return clock.slice(clock.indexOf(' ') + 1).trim() >= wanted;
  }, time);
  await perform(page, 'run or pause');
  await page.getByRole('button', { name: '▶ Run' }).waitFor();
}

/** A command by its name, as the palette finds it. */
export async function perform(page: Page, title: string): Promise<void> {
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox', { name: 'Find or do' }).fill(title);
  await page
    .getByRole('option')
    .filter({ hasText: new RegExp(title, 'i') })
    .first()
    .waitFor();
  // What can be done to a process is asked anew when the palette opens.
  await page.waitForTimeout(300);
  await page.keyboard.press('Enter');
}

export async function waitForStatus(page: Page, text: string): Promise<void> {
  await page.waitForFunction(
    (wanted) => document.querySelector('footer.status')?.textContent?.includes(wanted),
    text,
  );
}

/** Until side B has joined; fast, but not so that what happened then is soon long ago. */
export async function runUntilPaired(page: Page): Promise<void> {
  await page.selectOption('.transport select', '60');
  await waitForStatus(page, 'B Paired-Disabled');
  await waitForStatus(page, 'A Paired-Enabled');
}

/** Figure 1: the red arrow goes from MDS A to MDS B, and the inspector tells why it was sent. */
export async function findInitializationRequest(page: Page): Promise<void> {
  await page.waitForSelector('.message.records');
  const init = page.locator('.message.init').first();
  expect(await init.textContent()).toContain('MDS A to MDS B');
  const red = await page.evaluate(() => {
    const probe = document.createElement('i');
    probe.style.color = 'var(--init)';
    document.body.append(probe);
    const { color } = getComputedStyle(probe);
    probe.remove();
    return color;
  });
  const label = init.locator('.label');
  expect(await label.evaluate((node) => getComputedStyle(node).color)).toBe(red);
  await init.click();
  await page
    .getByRole('region', { name: 'Inspector' })
    .getByText(/^#\d+ initialization request/)
    .waitFor();
  await page.waitForSelector('.chain li');
  expect(await page.textContent('section[aria-label="Inspector"]')).toContain('hello');
}

export async function askRttest(page: Page): Promise<void> {
  await page.fill('#line-cca', 'rttest /cust lab50');
  await page.keyboard.press('Enter');
  await page.waitForFunction(() =>
    document.querySelector('label[for="line-cca"]')?.textContent?.includes('rttest:'),
  );
  await page.fill('#line-cca', 'status');
  await page.keyboard.press('Enter');
  await page.waitForFunction(() =>
    document.querySelector('[role="log"]')?.textContent?.includes('State size now:'),
  );
  const output = (await page.textContent('[role="log"]')) ?? '';
  expect(output).toMatch(/State size now:\s+[78]\d\d,\d{3} bytes/);
  expect(output).toContain('(A->B)');
}

/** The console of a host: completion, history, find. */
export async function useConsole(page: Page): Promise<void> {
  await goTo(page, 'k');
  await page.getByRole('tab', { name: 'B Central Controller' }).click();
  await page.fill('#line-ccb', 'cdl');
  await page.press('#line-ccb', 'Tab');
  await page.waitForFunction(() => {
    return document.querySelector<HTMLInputElement>('#line-ccb')?.value === 'cdlog ';
  });
  await page.fill('#line-ccb', 'cdlog lab50 rb');
  await page.keyboard.press('Enter');
  await page.waitForFunction(() =>
    document.querySelector('label[for="line-ccb"]')?.textContent?.includes('rb\\logfiles>'),
  );
  await page.fill('#line-ccb', 'dumplog mds');
  await page.keyboard.press('Enter');
  await page.waitForFunction(() =>
    document.querySelector('[role="log"]')?.textContent?.includes('Paired-Disabled'),
  );
  await page.press('#line-ccb', 'ArrowUp');
  expect(await page.inputValue('#line-ccb')).toBe('dumplog mds');
  await page.press('#line-ccb', 'Control+f');
  await page.keyboard.type('paired-disabled');
  await page.waitForSelector('mark.current');
  expect(await page.textContent('[role="search"] [role="status"]')).toMatch(/^\d+ of \d+$/);
  await page.keyboard.press('Escape');
}

/** Figure 3: the limit of the state size is changed in the registry and acts at once. */
export async function changeStateSizeLimit(page: Page): Promise<void> {
  await goTo(page, 'r');
  await page.getByRole('button', { name: 'StateSizeThresholdMB' }).click();
  await page.fill('#registry-data', '0');
  expect(await page.textContent('#registry-problem')).toBe('It goes from 1 to 100000.');
  await page.fill('#registry-data', '0x28');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await waitForStatus(page, 'limit 40 MB');
  await page.getByRole('button', { name: 'Delete value' }).click();
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.waitForFunction(() => document.body.textContent?.includes('0x00000028 (40)'));
}

/** The routers side by side: in sync, then one bit is not. */
export async function compareStates(page: Page): Promise<void> {
  await goTo(page, 's');
  await page.waitForFunction(() => document.body.textContent?.includes('In sync at input'));
  await page.keyboard.press('Control+k');
  await page.keyboard.type('Flip a bit in the router state of side B');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: /1 differ/ }).click();
  await page.waitForFunction(() => document.body.textContent?.includes('callType: A and B'));
  await page.waitForFunction(() => /halfHours\[\d+\]/.test(document.body.textContent ?? ''));
}

/** A router dies: the alarm, the log line, its cause, and the end of the alarm. */
export async function followCrashedRouter(page: Page): Promise<void> {
  await goTo(page, 'n');
  await page.getByRole('button', { name: 'crash rb-rtr' }).click();
  // The lab is paused: what follows the crash happens event by event.
  for (let event = 0; event < 3; event++) {
    await page.getByRole('button', { name: 'Event', exact: true }).click();
  }
  await page.waitForFunction(() =>
    document.querySelector('section[aria-label^="Alarms"]')?.textContent?.includes('102C10E'),
  );
  const line = page.getByRole('log').getByRole('button', { name: /went down for an unknown/ });
  await line.first().click();
  // The inspector may still show what was chosen before.
  await page.waitForFunction(() =>
    document
      .querySelector('section[aria-label="Inspector"]')
      ?.textContent?.includes('crash-process'),
  );
  await page.getByRole('button', { name: '▶ Run' }).click();
  await page.waitForFunction(() =>
    document.querySelector('[role="log"]')?.textContent?.includes('successfully reinitialized'),
  );
  await page.waitForSelector('section[aria-label="Alarms: 0 raised"]');
  await page.getByRole('button', { name: 'Pause' }).click();
}

/** The row a call left in G_PARTY, and why it is there. */
export async function findPartyRow(page: Page): Promise<void> {
  await goTo(page, 't');
  await page.waitForSelector('.table-list button');
  await page.getByRole('button', { name: /^G_PARTY\s*\d/ }).click();
  await page.getByRole('region', { name: 'Rows of G_PARTY', exact: true }).waitFor();
  await waitForRows(page);
  await page.locator('tbody tr').first().click();
  await page.waitForFunction(() => document.body.textContent?.includes('Why it was written'));
  const inspector = (await page.textContent('section[aria-label="Inspector"]')) ?? '';
  // The newest row depends on the moment: a party comes in, or moves over with a transfer.
  expect(inspector).toMatch(/EventCallParty(Added|Moved)/);
}

/** One call from its messages to its rows and back. */
export async function followCall(page: Page): Promise<void> {
  await goTo(page, 'a');
  await page.locator('.calls li button').first().waitFor();
  await page.getByLabel('Search by number or id').fill('555');
  // By its number: a text may also be part of an id.
  await page.locator('.calls li button').filter({ hasText: '555' }).first().click();
  const messages = page.getByRole('region', { name: 'Messages' });
  await messages
    .getByRole('button', { name: /EventCallCreated/ })
    .first()
    .click();
  const rows = page.getByRole('region', { name: 'Rows, and why each is there' });
  await rows.locator('li.pointed').first().waitFor();
  expect(await rows.locator('li.pointed').first().textContent()).toContain('call C1');
  await rows
    .getByRole('button', { name: /comes in/ })
    .first()
    .click();
  await messages.locator('tr.pointed').first().waitFor();
  expect(await messages.locator('tr.pointed').textContent()).toContain('EventCallPartyAdded');
  await page.getByRole('region', { name: 'Parties over time' }).locator('.bar').first().waitFor();
  await rows
    .getByRole('button', { name: /in the table G_PARTY$/ })
    .first()
    .click();
  await page
    .getByRole('region', { name: 'Inspector' })
    .getByText(/^G_PARTY \d/)
    .waitFor();
}

/** One edit: checked as it is typed, saved, followed into IDB, undone, and taken from a file. */
export async function editConfiguration(page: Page): Promise<void> {
  await goTo(page, 'c');
  await page.getByRole('button', { name: 'New Skill' }).click();
  await page.fill('#field-name', 'Sales');
  await page.waitForSelector('text=Name "Sales" is already in use');
  await page.fill('#field-name', 'Greek');
  await page.selectOption('#field-tenant', { index: 1 });
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  const line = page.getByRole('region', { name: 'What this edit did' });
  await page.getByRole('button', { name: '▶ Run' }).click();
  // The edit before this one may have changed one row, too.
  await line.getByText('Skill Greek created').waitFor();
  await line.getByText('1 row change in IDB').waitFor();
  await page.getByRole('button', { name: 'Pause' }).click();
  expect(await line.textContent()).toContain('not in the routers');
  await line.locator('summary').click();
  await line.getByRole('button', { name: /GC_SKILL/ }).click();
  // The row is chosen and explained; the inspector may still show what was chosen before.
  const inspector = page.getByRole('region', { name: 'Inspector' });
  await inspector.getByText('Greek', { exact: true }).first().waitFor();
  expect(await inspector.textContent()).toContain('create object');

  await goTo(page, 'c');
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.waitForFunction(() => document.body.textContent?.includes('Undone: Skill Greek'));
  const tree = page.getByRole('navigation', { name: 'Objects' });
  await tree.getByRole('button', { name: /Skills 5/ }).waitFor();
  await page.getByRole('button', { name: 'Files…' }).click();
  await page.selectOption('dialog select', 'skill');
  const text = 'name,tenant\nGreek,Halden\nLatin,Halden\n';
  const file = { name: 'skills.csv', mimeType: 'text/csv', buffer: Buffer.from(text) };
  await page.setInputFiles('dialog input[type=file]', file);
  await page.getByRole('button', { name: 'Import 2 objects' }).click();
  await tree.getByRole('button', { name: /Skills 7/ }).waitFor();
  await page.getByRole('tab', { name: 'History log' }).click();
  await page.getByText("3 on the way to the server's disk").waitFor();
  await page.getByRole('button', { name: 'Second', exact: true }).click();
  await page.waitForFunction(() => document.body.textContent?.includes('Skill Latin created'));
}

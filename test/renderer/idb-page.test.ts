import { createPinia, setActivePinia } from 'pinia';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { IdbPage, PageRequest } from '../../src/contract/rpc.ts';
import { useIdbPage } from '../../src/renderer/features/idb/use-idb-page.ts';
import { useLab } from '../../src/renderer/stores/lab.ts';
import { useScreen } from '../../src/renderer/stores/screen.ts';
import { useTasks } from '../../src/renderer/stores/tasks.ts';
import { type Call, offerLab } from './offer-lab.ts';

const pageOf = (...rowIds: number[]): IdbPage => ({
  rows: rowIds.map((id) => [id]),
  rowIds,
  total: rowIds.length,
  isMore: false,
});

describe('a page of rows', () => {
  /** What was asked for, answered in the order that a test wants. */
  let asked: { request: PageRequest; answer: (page: IdbPage) => void; fail: () => void }[];

  let calls: Call[];

  beforeEach(() => {
    asked = [];
    calls = offerLab({
      'idb.cancelReading': null,
      'idb.page': (request: PageRequest) =>
        new Promise<IdbPage>((answer, reject) => {
          const fail = () => reject(new Error('the lab is not running'));
          asked.push({ request, answer, fail });
        }),
    });
    setActivePinia(createPinia());
    useScreen().table = 'G_CALL';
  });

  async function shown(): Promise<ReturnType<typeof useIdbPage>> {
    const browser = useIdbPage('the view', 100, () => {});
    const loaded = browser.load();
    await vi.waitFor(() => expect(asked).toHaveLength(1));
    asked[0].answer(pageOf(3, 2, 1));
    await loaded;
    return browser;
  }

  it('waits from when somebody asks for it until it is there', async () => {
    const browser = await shown();
    expect(browser.isWaiting.value).toBe(false);
    const ordered = browser.ask({ sort: 'CALLTYPE' });
    expect(browser.isWaiting.value).toBe(true);
    // Another order of the same table: the rows stay until the others come.
    expect(browser.page.value.rowIds).toEqual([3, 2, 1]);
    await vi.waitFor(() => expect(asked).toHaveLength(2));
    asked[1].answer(pageOf(1, 2, 3));
    await ordered;
    expect([browser.isWaiting.value, browser.page.value.rowIds]).toEqual([false, [1, 2, 3]]);
  });

  it('shows no rows of one table as those of another', async () => {
    const browser = await shown();
    useScreen().table = 'G_PARTY';
    browser.forget();
    const first = browser.first();
    expect([browser.isWaiting.value, browser.page.value.rowIds]).toEqual([true, []]);
    await vi.waitFor(() => expect(asked).toHaveLength(2));
    expect(asked[1].request.table).toBe('G_PARTY');
    asked[1].answer(pageOf(9));
    await first;
    expect(browser.isHere()).toBe(true);
  });

  it('an answer for the table before is not taken for one of this', async () => {
    const browser = await shown();
    const again = browser.load();
    await vi.waitFor(() => expect(asked).toHaveLength(2));
    useScreen().table = 'G_PARTY';
    asked[1].answer(pageOf(4, 3, 2, 1));
    await again;
    expect(browser.isHere()).toBe(false);
  });

  it('what follows the lab does not wait, and is not asked for beside another', async () => {
    const browser = await shown();
    browser.follow();
    expect(browser.isWaiting.value).toBe(false);
    browser.follow();
    const wanted = browser.ask({ filters: [] });
    browser.follow();
    // Touched before the rows are there: they still come.
    browser.touch();
    await vi.waitFor(() => expect(asked).toHaveLength(3));
    asked[2].answer(pageOf(1, 2));
    await wanted;
    expect([browser.isWaiting.value, browser.page.value.rowIds]).toEqual([false, [1, 2]]);
    asked[1].answer(pageOf(3, 2, 1));
    await vi.waitFor(() => {
      browser.follow();
      expect(asked).toHaveLength(4);
    });
    expect(browser.page.value.rowIds).toEqual([1, 2]);
  });

  it('that takes long says how far it is; given up, it is read when it is asked for', async () => {
    const browser = await shown();
    const [lab, tasks] = [useLab(), useTasks()];
    const ordered = browser.ask({ sort: 'CALLTYPE' });
    await vi.waitFor(() => expect(asked).toHaveLength(2));
    lab.status = { ...lab.status!, reading: 0.3 };
    await vi.waitFor(() => expect(tasks.tasks).toMatchObject([{ fraction: 0.3 }]));
    await tasks.tasks[0].cancel?.();
    const { reader } = asked[1].request;
    expect(calls.at(-1)).toEqual({ method: 'idb.cancelReading', parameters: { reader } });
    asked[1].fail();
    await ordered;
    expect(lab.notices).toHaveLength(1);
    browser.follow();
    expect([tasks.tasks, browser.page.value.rowIds]).toEqual([[], [3, 2, 1]]);
    const again = browser.load();
    await vi.waitFor(() => expect(asked).toHaveLength(3));
    asked[2].answer(pageOf(2));
    await again;
    expect(browser.page.value.rowIds).toEqual([2]);
  });

  it('that was given up for another one is not told', async () => {
    const browser = await shown();
    const before = browser.ask({ sort: 'CALLTYPE' });
    await vi.waitFor(() => expect(asked).toHaveLength(2));
    const wanted = browser.ask({ sort: 'CALLID' });
    await vi.waitFor(() => expect(asked).toHaveLength(3));
    expect(asked[2].request.reader).toBe(asked[1].request.reader);
    asked[1].fail();
    await before;
    asked[2].answer(pageOf(2, 1));
    await wanted;
    expect([useLab().notices, browser.page.value.rowIds]).toEqual([[], [2, 1]]);
  });

  it('that could not be read is not told as one without rows', async () => {
    const browser = await shown();
    useScreen().table = 'G_PARTY';
    const first = browser.first();
    await vi.waitFor(() => expect(asked).toHaveLength(2));
    asked[1].fail();
    await first;
    expect([browser.isWaiting.value, browser.page.value.rowIds]).toEqual([true, []]);
  });
});

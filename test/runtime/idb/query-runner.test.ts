import { describe, expect, it } from 'vitest';
import { IdbDatabase } from '../../../src/runtime/idb/idb-database.ts';
import { QueryRunner } from '../../../src/runtime/idb/query-runner.ts';

const copy = async () => (await IdbDatabase.create()).image();
const SQL = 'SELECT count(*) AS n FROM G_CALL';

describe('queries', () => {
  it('answer, the next one begun ends the one before', async () => {
    const runner = new QueryRunner();
    const first = runner.run(copy(), SQL);
    const second = runner.run(copy(), SQL);
    expect(await first).toEqual({ ok: false, message: 'Another query was begun.' });
    expect(await second).toMatchObject({ ok: true, answer: { columns: ['n'], rows: [[0]] } });
  });

  it('are cancelled also while the copy of IDB is being made', async () => {
    const runner = new QueryRunner();
    let hand: (image: Uint8Array) => void = () => {};
    const late = new Promise<Uint8Array>((resolve) => {
      hand = resolve;
    });
    const answer = runner.run(late, SQL);
    runner.cancel();
    expect(await answer).toEqual({ ok: false, message: 'The query was cancelled.' });
    const image = await copy();
    hand(image);
    await late;
    // No thread has taken it over.
    expect(image.length).toBeGreaterThan(0);
    expect(await runner.run(copy(), SQL)).toMatchObject({ ok: true });
  });

  it('say why there is no copy', async () => {
    const runner = new QueryRunner();
    const none = Promise.reject(new Error('no memory'));
    expect(await runner.run(none, SQL)).toEqual({ ok: false, message: 'no memory' });
  });
});

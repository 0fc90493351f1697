import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { LabStatus, RpcReply } from '../../src/contract/rpc.ts';
import { LabClient } from '../../src/runtime/worker/lab-client.ts';
import { LAB50_FILE } from '../support/lab50.ts';
import { type RunningProgram, startProgram } from '../support/program.ts';

/** A screen without a browser: trades the key for the cookie and speaks the contract. */
async function connect(address: string) {
  const admitted = await fetch(address, { redirect: 'manual' });
  const Cookie = (admitted.headers.get('set-cookie') ?? '').split(';')[0];
  const { host, origin } = new URL(address);
  const socket = new WebSocket(`ws://${host}/lab`, { headers: { Cookie, Origin: origin } });
  await new Promise((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', reject);
  });
  let id = 0;
  return (method: string, parameters: unknown) =>
    new Promise<RpcReply>((resolve) => {
      const mine = ++id;
      const listen = (data: Buffer) => {
        const message = JSON.parse(String(data));
        if (message.id !== mine) return;
        socket.off('message', listen);
        resolve(message);
      };
      socket.on('message', listen);
      socket.send(JSON.stringify({ id: mine, method, parameters }));
    });
}

describe('kill -9', () => {
  let folder: string;
  let program: RunningProgram;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'duplexlab-'));
  });
  afterAll(() => {
    program?.child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  });

  it('loses nothing that was acknowledged, in five lives of one lab', async () => {
    const lab = join(folder, 'lab');
    let durableUs = 0;
    for (let life = 1; life <= 5; life++) {
      program = startProgram(['start', '--browser', '--folder', lab]);
      const [address] = await program.waitFor(/http:\S+/);
      const call = await connect(address);
      const status = async () => {
        const reply = await call('lab.status', {});
        if (!reply.ok) throw new Error(reply.error.message);
        return reply.value as LabStatus;
      };
      const opened = await status();
      expect(opened.notices).toEqual([]);
      expect(opened.nowUs).toBeGreaterThanOrEqual(durableUs);
      if (life > 1) {
        expect(opened.faults.some(({ where }) => where === `private cca > host${life}`)).toBe(
          false,
        );
        expect(opened.faults.some(({ text }) => text === `delay ${life - 1} ms`)).toBe(true);
      }
      await call('lab.run', { speed: 600 });
      await new Promise((resolve) => setTimeout(resolve, 700));
      const link = { network: 'private', from: 'cca', to: 'ccb' };
      const command = { verb: 'set-link', ...link, delayUs: life * 1000 };
      expect(await call('lab.execute', { command })).toMatchObject({
        ok: true,
        value: { ok: true },
      });
      durableUs = (await status()).durability.durableUs;
      expect(durableUs).toBeGreaterThan(opened.nowUs);
      program.child.kill('SIGKILL');
      expect(await program.ended).toBe('SIGKILL');
    }
    const client = await LabClient.open({ labFile: LAB50_FILE, folder: lab, fresh: false });
    expect(client.notices).toEqual([]);
    await client.close();
  });
});

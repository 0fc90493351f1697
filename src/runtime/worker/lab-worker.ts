import { parentPort, workerData } from 'node:worker_threads';
import {
  checkRequest,
  type LabStatus,
  type RpcReply,
  type RpcRequest,
} from '../../contract/rpc.ts';
import type { LabError } from '../../engine/lab/commands.ts';
import { formatProblem, parseLabFile, readLabFile } from '../lab-file.ts';
import { LabHost } from '../lab-host.ts';
import { Refused } from '../refused.ts';
import { RunningLab } from '../running-lab.ts';
import { LabFolder, type OpenedLab } from '../store/lab-folder.ts';
import { tellError } from '../tell-error.ts';
import type { FromWorker, LabToOpen, ToWorker } from './messages.ts';

/** The thread in which a lab runs: requests in, replies and status out. */
const port = parentPort;
if (!port) throw new Error('lab-worker runs as a worker thread only');
/** Emulator choice: ten lab seconds a second, so that the first transfer is soon seen. */
const OPENING_SPEED = 10;
const say = (message: FromWorker) => port.postMessage(message);

type HostedLab = Omit<OpenedLab, 'folder'> & { readonly folder: OpenedLab['folder'] | undefined };

async function openLab(lab: LabToOpen): Promise<HostedLab> {
  const { labFile, folder, fresh } = lab;
  if (folder === null) return openUnkept(lab);
  const exists = await LabFolder.exists(folder);
  if (exists && !fresh) {
    const opened = await LabFolder.open(folder, (fraction) => say({ kind: 'opening', fraction }));
    const changed = await LabFolder.differsFrom(folder, labFile);
    return changed ? { ...opened, notices: [...opened.notices, changed] } : opened;
  }
  const file = await fileOf(lab);
  const aside = exists ? await LabFolder.setAside(folder) : undefined;
  const created = await LabFolder.create(folder, file.text, file.definition);
  const notices = aside ? [`The lab that was here is kept in ${aside}.`] : [];
  return { ...created, notices };
}

async function fileOf({ labFile, text }: LabToOpen) {
  const file = text === undefined ? await readLabFile(labFile) : parseLabFile(labFile, text);
  if (!file.ok) throw new Error(file.problems.map(formatProblem).join('\n'));
  return file;
}

async function openUnkept(lab: LabToOpen): Promise<HostedLab> {
  const file = await fileOf(lab);
  const running = await RunningLab.create(file.definition);
  return { running, folder: undefined, notices: [], past: null, crash: null };
}

try {
  const lab = workerData as LabToOpen;
  const found = await openLab(lab);
  const notices = [...found.notices, ...(lab.notice ? [lab.notice] : [])];
  const opened = { ...found, notices };
  const onStatus = (status: LabStatus) => say({ kind: 'event', event: 'status', data: status });
  const host = new LabHost(opened, onStatus);
  port.on('message', (message: ToWorker) => {
    if (message.kind === 'request') void answer(host, message.request);
    else if (message.kind === 'image') void handOut(host, message);
    else void host.close().then((problem) => say({ kind: 'closed', problem }));
  });
  say({ kind: 'ready', notices: opened.notices });
  // A new lab starts by itself; one that goes on waits as it was left.
  if (opened.running.eventCount === 0 && !lab.waits) host.run(OPENING_SPEED);
} catch (error) {
  say({ kind: 'failed', message: tellError(error) });
}

async function answer(host: LabHost, request: RpcRequest): Promise<void> {
  say({ kind: 'reply', reply: await carryOut(host, request) });
}

type ImageRequest = { readonly database: string; readonly id: number };

async function handOut(host: LabHost, { database, id }: ImageRequest): Promise<void> {
  try {
    const image = await host.idbImage(database);
    port?.postMessage({ kind: 'image', id, image } satisfies FromWorker, [
      image.buffer as ArrayBuffer,
    ]);
  } catch (error) {
    say({ kind: 'image', id, image: tellError(error) });
  }
}

async function carryOut(host: LabHost, { id, method, parameters }: RpcRequest): Promise<RpcReply> {
  const checked = checkRequest(method, parameters);
  if (!checked.ok) return { id, ok: false, error: checked.error };
  try {
    const run = host.methods[checked.method] as (parameters: unknown) => unknown;
    return { id, ok: true, value: await run(checked.parameters) };
  } catch (error) {
    if (error instanceof Refused) return { id, ok: false, error: error.error };
    const failed: LabError = {
      code: 'internal-error',
      message: `${method} failed: ${tellError(error)}.`,
      remedy: 'Pause the lab and try again; if it stays, please report it with the lab folder.',
      effect: 'possible',
    };
    return { id, ok: false, error: failed };
  }
}

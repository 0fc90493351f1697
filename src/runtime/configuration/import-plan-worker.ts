import { parentPort } from 'node:worker_threads';
import { type ConfigurationObject, objectsByKey } from '../../engine/configuration/object-types.ts';
import { giveWay } from '../worker/give-way.ts';
import type { ImportPlan } from './configuration-file.ts';
import { type FromPlanner, planImportOf, type ToPlanner } from './import-planner.ts';

/** A thread that reads one large configuration file: the lab goes on, and it can be given up. */
const EDITS_AT_ONCE = 300;

giveWay();
const objects: ConfigurationObject[] = [];
let edits: ImportPlan['edits'] = [];
let handedOut = 0;
const say = (message: FromPlanner) => parentPort?.postMessage(message);

parentPort?.on('message', (message: ToPlanner) => {
  if (message.kind === 'objects') {
    for (const object of message.objects) objects.push(object);
  } else if (message.kind === 'file') {
    const plan = planImportOf(objectsByKey(objects), message.file);
    edits = plan.edits;
    say({ kind: 'plan', plan: { ...plan, edits: [] } });
  } else {
    const next = edits.slice(handedOut, handedOut + EDITS_AT_ONCE);
    handedOut += next.length;
    say({ kind: 'edits', edits: next, isLast: handedOut === edits.length });
  }
});

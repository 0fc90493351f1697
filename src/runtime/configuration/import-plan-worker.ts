import { parentPort, workerData } from 'node:worker_threads';
import type { Parameters } from '../../contract/rpc.ts';
import type { ConfigurationObject } from '../../engine/configuration/object-types.ts';
import { giveWay } from '../worker/give-way.ts';
import { planImportOf } from './import-planner.ts';

/** A thread that reads one large configuration file: the lab goes on, and it can be given up. */
export type ImportToPlan = {
  readonly objects: ReadonlyMap<string, ConfigurationObject>;
  readonly file: Parameters<'configuration.import'>;
  readonly hasEdits: boolean;
};

giveWay();
const { file, hasEdits, objects } = workerData as ImportToPlan;
const plan = planImportOf(objects, file);
parentPort?.postMessage(hasEdits ? plan : { ...plan, edits: [] });

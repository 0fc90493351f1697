import type { CommandResult, LabError, Methods, Parameters } from '../../contract/rpc.ts';
import { AccountView, personAccount } from '../../engine/configuration/access.ts';
import type { ConfigurationObject } from '../../engine/configuration/object-types.ts';
import type { LabCommand } from '../../engine/lab/commands.ts';
import type { RunningLab } from '../running-lab.ts';
import { exportCsv, exportJson, type ImportPlan, refusedPlan } from './configuration-file.ts';
import {
  checkObject,
  reportHistory,
  reportIcon,
  reportOptions,
  reportTypes,
  serverOf,
} from './configuration-report.ts';
import { EditEffects } from './edit-effect.ts';
import type { ImportPlanner } from './import-planner.ts';

type ConfigurationMethods = Pick<Methods, Extract<keyof Methods, `configuration.${string}`>>;

/** Problems of a file that are named in one sentence. */
const MAX_TOLD = 3;

/** The methods of the contract that are about the configuration. */
export function configurationMethods(
  running: () => RunningLab,
  carryOut: (command: LabCommand) => Promise<CommandResult>,
  planner: ImportPlanner,
  cancelEdits: () => void,
): ConfigurationMethods {
  const effects = new EditEffects(running);
  const objects = () => serverOf(running().lab)?.objects ?? new Map<string, ConfigurationObject>();
  const plan = async (file: Parameters<'configuration.import'>, hasEdits: boolean) => {
    if (!serverOf(running().lab)) return refusedPlan('file', 'cannot be read: confserv is stopped');
    return planner.plan(objects(), file, hasEdits);
  };
  return {
    'configuration.types': () => reportTypes(running().lab),
    'configuration.objects': ({ type, as }) => {
      const view = as === undefined ? null : new AccountView(objects(), personAccount(as));
      return [...objects().values()].filter(
        (object) => object.type === type && (view?.sees(object) ?? true),
      );
    },
    'configuration.options': () => reportOptions(),
    'configuration.check': ({ object }) => checkObject(running().lab, object),
    'configuration.history': ({ limit }) => reportHistory(running().lab, limit),
    'configuration.icon': ({ icon }) => reportIcon(running().lab, icon),
    'configuration.effect': ({ seq }) => effects.read(seq),
    'configuration.export': (what) => {
      if (!serverOf(running().lab)) return { ok: false, error: SERVER_STOPPED };
      const isTable = what.format === 'csv';
      const text = isTable ? exportCsv(objects(), what.type) : exportJson(objects(), what.type);
      return { ok: true, text };
    },
    'configuration.preview': async (file) => {
      const planned = await plan(file, false);
      if (!planned) return null;
      const { edits: _edits, ...preview } = planned;
      return preview;
    },
    'configuration.cancel': () => {
      planner.cancel();
      cancelEdits();
      return null;
    },
    'configuration.import': async (file) => {
      const planned = await plan(file, true);
      if (!planned) return GIVEN_UP;
      const { edits, problems } = planned;
      if (problems.length > 0) return refuseFile(problems);
      if (edits.length === 0) return NOTHING_TO_IMPORT;
      const { as } = file;
      return carryOut({ verb: 'edit-configuration', edits, ...(as !== undefined && { as }) });
    },
  };
}

const SERVER_STOPPED: LabError = {
  code: 'process-not-running',
  message: 'The process confserv is not running.',
  remedy: 'Start confserv first.',
  effect: 'none',
};

const NOTHING_TO_IMPORT: CommandResult = {
  ok: false,
  error: {
    code: 'nothing-to-import',
    message: 'Everything in the file is in the configuration already.',
    remedy: 'Change the file, or leave it at that.',
    effect: 'none',
  },
};

const GIVEN_UP: CommandResult = {
  ok: false,
  error: {
    code: 'cancelled',
    message: 'The import was cancelled.',
    remedy: 'Nothing has changed.',
    effect: 'none',
  },
};

function refuseFile(problems: ImportPlan['problems']): CommandResult {
  const told = problems.slice(0, MAX_TOLD).map(({ place, message }) => `${place}: ${message}`);
  const more = problems.length > MAX_TOLD ? `; and ${problems.length - MAX_TOLD} more` : '';
  return {
    ok: false,
    error: {
      code: 'invalid-file',
      message: `Nothing was imported. ${told.join('; ')}${more}.`,
      remedy: 'Correct the named places and import again.',
      effect: 'none',
    },
  };
}

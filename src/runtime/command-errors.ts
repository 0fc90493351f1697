import type { LabError } from '../contract/rpc.ts';
import { tellError } from './tell-error.ts';

/** Why a running lab does not do what it is asked for, whatever it is. */

export const ENGINE_STOPPED: LabError = {
  code: 'engine-stopped',
  message: 'The engine has stopped on a broken invariant and takes no commands.',
  remedy: 'Look at what is there, then start with --fresh; please report the lab folder.',
  effect: 'none',
};

export const GIVEN_UP: LabError = {
  code: 'cancelled',
  message: 'The edit was given up.',
  remedy: 'Nothing has changed.',
  effect: 'none',
};

export const CLOSING: LabError = {
  code: 'lab-closing',
  message: 'The lab is being saved and closed.',
  remedy: 'Open it again: it goes on where it was.',
  effect: 'none',
};

export const READING_GIVEN_UP: LabError = {
  code: 'cancelled',
  message: 'The table was not read to its end.',
  remedy: 'Ask for it again, or with fewer rows to look at.',
  effect: 'none',
};

export function notDurable(error: unknown): LabError {
  return {
    code: 'not-durable',
    message: `The command happened but could not be saved: ${tellError(error)}.`,
    remedy: 'Free space on the disk: it is tried again every few seconds, and then saved, too.',
    effect: 'possible',
  };
}

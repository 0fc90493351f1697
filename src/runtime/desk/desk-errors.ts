import type { LabError } from '../../engine/lab/commands.ts';
import { Refused } from '../refused.ts';
import { tellError } from '../tell-error.ts';

/** What the desk says when something cannot be done. */

export function refused(code: string, message: string, remedy: string): Refused {
  return new Refused({ code, message, remedy, effect: 'none' });
}

export function cancelled(name: string): LabError {
  const message = `${name}: cancelled.`;
  return { code: 'cancelled', message, remedy: 'Nothing has changed.', effect: 'none' };
}

export function notOpened(error: unknown): LabError {
  const message = `The lab could not be opened: ${tellError(error)}`;
  const remedy = 'The lab that was open stays open.';
  return { code: 'lab-not-opened', message: endSentence(message), remedy, effect: 'none' };
}

/** What cannot even be handed to the lab's thread. */
export function notAsked(error: unknown): LabError {
  const message = `The request cannot be read: ${tellError(error)}`;
  const remedy = 'Ask for less at once.';
  return { code: 'invalid-request', message: endSentence(message), remedy, effect: 'none' };
}

export function notWritten(error: unknown): LabError {
  const message = `The file was not written: ${tellError(error)}`;
  const remedy = 'Is there space, and may this folder be written? Nothing half done is left.';
  return { code: 'not-written', message: endSentence(message), remedy, effect: 'none' };
}

function endSentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

import { parse } from 'yaml';
import { z } from 'zod';
import type { LabFileCheck, LabSummary } from '../../contract/desk.ts';
import { parseLabFile } from '../lab-file.ts';

/** Checks a lab file whole; every mistake with its line. */
export function checkLabFile(name: string, text: string): LabFileCheck {
  const parsed = parseLabFile(name, text);
  if (parsed.ok) return { ok: true, summary: summarize(text) };
  return { ok: false, problems: parsed.problems.map(({ line, message }) => ({ line, message })) };
}

/** Without a check: what stands in a folder has been checked when it came there. */
export function summarize(text: string): LabSummary {
  const lab = z
    .object({
      name: z.string().catch(''),
      description: z.string().catch(''),
      sites: z.array(z.unknown()).catch([]),
      agents: z.array(z.unknown()).catch([]),
      icon: z.object({ second: z.string().optional() }).catch({}),
    })
    .safeParse(parsedOr(text, null));
  if (!lab.success) return { name: '', description: '', sites: 0, agents: 0, icons: 0 };
  const { agents, description, icon, name, sites } = lab.data;
  const counts = { sites: sites.length, agents: agents.length, icons: icon.second ? 2 : 1 };
  return { name, description, ...counts };
}

/** A folder whose lab file somebody has spoilt must not hide the others. */
function parsedOr(text: string, otherwise: unknown): unknown {
  try {
    return parse(text);
  } catch {
    return otherwise;
  }
}

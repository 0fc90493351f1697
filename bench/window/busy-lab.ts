import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { programRoot } from '../../src/runtime/program-root.ts';

const CALLS_PER_SECOND = 50;
const AGENTS_PER_SITE = 300;
const TRUNKS_PER_SITE = 600;

type LabText = {
  name: string;
  agents: object[];
  groups: { name: string; site: string }[];
  sites: { name: string; trunkGroups: { trunks: number }[] }[];
  traffic: object;
  networkIcm?: object;
};

/** The shipped lab with fifty short calls a lab second, and people enough to take them. */
export function writeBusyLab(folder: string): string {
  const shipped = join(programRoot(), 'resources', 'labs', 'lab50.yaml');
  const lab = parse(readFileSync(shipped, 'utf8')) as LabText;
  lab.name = 'busy';
  lab.agents = lab.sites.flatMap(({ name: site }, at) => agentsOf(lab, site, at));
  for (const { trunkGroups } of lab.sites) trunkGroups[0].trunks = TRUNKS_PER_SITE;
  lab.traffic = {
    ...lab.traffic,
    callsPerHour: Array.from({ length: 24 }, () => CALLS_PER_SECOND * 3600),
    meanAnswer: '1s',
    meanTalk: '4s',
    meanAfterCall: '1s',
    breaksPerHour: 0,
  };
  const file = join(folder, 'busy.yaml');
  writeFileSync(file, stringify(lab, { aliasDuplicateObjects: false }));
  return file;
}

function agentsOf(lab: LabText, site: string, at: number): object[] {
  const groups = lab.groups.filter((group) => group.site === site).map(({ name }) => name);
  return Array.from({ length: AGENTS_PER_SITE }, (_, index) => ({
    id: `B${at}${index + 100}`,
    name: `Busy ${at}${index + 100}`,
    site,
    extension: `${at + 2}${index + 100}`,
    login: `${at + 4}${index + 100}`,
    groups,
    skills: ['Sales'],
    level: 5,
  }));
}

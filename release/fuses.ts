import { FuseV1Options, FuseVersion, flipFuses, getCurrentFuseWire } from '@electron/fuses';

/**
 * Switches inside Electron's own program, set once when the program is packaged: what they turn off
 * cannot be turned on by an environment variable, an argument or a file beside the program.
 */
export const WANTED_FUSES = [
  { option: FuseV1Options.RunAsNode, on: false, risk: 'it can be run as plain Node' },
  {
    option: FuseV1Options.EnableNodeOptionsEnvironmentVariable,
    on: false,
    risk: 'it obeys NODE_OPTIONS',
  },
  {
    option: FuseV1Options.EnableNodeCliInspectArguments,
    on: false,
    risk: 'it lets a debugger in with --inspect',
  },
  {
    option: FuseV1Options.EnableEmbeddedAsarIntegrityValidation,
    on: true,
    risk: 'it starts with an archive that somebody has changed',
  },
  {
    option: FuseV1Options.OnlyLoadAppFromAsar,
    on: true,
    risk: 'it starts a folder that stands in the place of its archive',
  },
  {
    option: FuseV1Options.GrantFileProtocolExtraPrivileges,
    on: false,
    risk: 'its file: pages may do more than other pages',
  },
] as const;

/** One character stands for each fuse. */
const [OFF, ON] = ['0', '1'].map((character) => character.charCodeAt(0));

/** Sets them in a packaged program, or in its .app folder. Rejects if it is not Electron's. */
export async function setFuses(program: string): Promise<void> {
  await flipFuses(program, {
    version: FuseVersion.V1,
    // Without it a changed program does not start on a Mac with Apple silicon.
    resetAdHocDarwinSignature: program.endsWith('.app'),
    ...Object.fromEntries(WANTED_FUSES.map(({ option, on }) => [option, on])),
  });
}

/** A sentence for each that is not as it should be, read back from the program. */
export async function fuseProblems(program: string): Promise<string[]> {
  const wire = await getCurrentFuseWire(program);
  return WANTED_FUSES.flatMap(({ option, on, risk }) => {
    const found = Number(wire[option]);
    if (found === (on ? ON : OFF)) return [];
    const name = FuseV1Options[option];
    if (found !== ON && found !== OFF) return [`${name} is not in this version of Electron.`];
    return [`${name} is ${found === ON ? 'on' : 'off'}: ${risk}.`];
  });
}

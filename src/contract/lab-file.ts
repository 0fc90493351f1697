import { z } from 'zod';
import type { LabDefinition } from '../engine/lab/definition.ts';
import { DIAL_MODES, digits, MEDIA_NAMES } from './commands.ts';
import { bandwidth, durationSeconds, durationUs, parseDurationUs } from './units.ts';

/** The lab file, version 1 (docs/lab-file.md). Parsing yields a LabDefinition, units resolved. */

export const LAB_FILE_FORMAT = 'duplexlab-lab';
export const LAB_FILE_VERSION = 1;

const name = z.string().min(1, 'a name is needed').max(64, 'at most 64 characters');
const dn = z
  .string({ error: "a DN is text; put it in quotes, such as '8001'" })
  .regex(/^\d{2,16}$/, "a DN has 2 to 16 digits, such as '8001'");

/** Options of an application; they are text, however they are written. */
const optionValues = z.record(
  z.string().min(1).max(64),
  z.union([z.string().max(255), z.number(), z.boolean()]).transform(String),
);

const share = z.number().min(0).max(1, 'a share is 0 to 1').default(0);

const network = z.strictObject({
  delay: durationUs,
  jitter: durationUs.default(0),
  bandwidth,
  loss: z.number().min(0).max(0.5, 'a loss of more than 0.5 is no network').default(0),
});

const overflow = z
  .strictObject({ to: dn, after: durationSeconds })
  .transform(({ to, after }) => ({ to, afterSeconds: after }))
  .optional();

const site = z.strictObject({
  name: name.regex(/^[A-Za-z][A-Za-z0-9]*$/, 'letters and digits only: it becomes a host name'),
  switch: name,
  tServer: name,
  backupTServer: name.optional(),
  peripheralGateway: z.string().regex(/^PG\d{1,2}$/, 'PG and a number, such as PG1'),
  peripheral: name,
  queues: z.array(z.strictObject({ dn, name, group: name, overflow })).min(1),
  routingPoints: z
    .array(
      z.strictObject({
        dn,
        name,
        callType: name,
        share: z.number().positive(),
        virtualQueue: dn.optional(),
      }),
    )
    .min(1),
  defaultQueue: dn,
  translationNumbers: z.array(dn).max(64).default([]),
  trunkGroups: z
    .array(z.strictObject({ name, trunks: z.number().int().min(1).max(10_000) }))
    .default([]),
});

const agent = z
  .strictObject({
    id: name,
    name: z.string().regex(/^\S+ .*\S$/, 'first name and last name'),
    site: name,
    extension: dn,
    login: dn,
    groups: z.array(name).max(8, 'at most 8 groups for an agent'),
    skills: z.array(name),
    level: z.number().int().min(0).max(10),
  })
  .transform(({ id, name: fullName, ...rest }) => {
    const space = fullName.indexOf(' ');
    const names = { firstName: fullName.slice(0, space), lastName: fullName.slice(space + 1) };
    return { employeeId: id, ...names, ...rest };
  });

const contact = z.strictObject({
  phones: z.array(dn).min(1, 'a contact needs a number').max(10),
  fields: z.record(name, z.coerce.string().max(255)).default({}),
});

const campaign = z
  .strictObject({
    name,
    group: name,
    queue: dn,
    mode: z.enum(DIAL_MODES),
    optimization: z
      .strictObject({
        method: z.enum(['busyFactor', 'overdialRate']),
        goal: z.number().int().min(1).max(100),
      })
      .default({ method: 'busyFactor', goal: 85 }),
    attempts: z.number().int().min(1).max(100).default(3),
    retry: durationSeconds.refine((seconds) => seconds >= 1, 'at least 1s').default(600),
    answer: durationSeconds.refine((seconds) => seconds >= 1, 'at least 1s').default(20),
    start: durationSeconds.default(0),
    list: z.strictObject({
      name,
      fields: z
        .array(z.strictObject({ name, kept: z.enum(['plain', 'secure', 'no']).default('plain') }))
        .max(100)
        .default([]),
      contacts: z.array(contact).max(10_000).default([]),
      generated: z.number().int().min(0).max(100_000).default(0),
    }),
  })
  .transform(({ retry, answer, start, ...rest }) => {
    return { ...rest, retrySeconds: retry, answerSeconds: answer, startSeconds: start };
  });

const multimedia = z
  .strictObject({
    name,
    version: z
      .string()
      .regex(/^\d+(\.\d+){1,3}$/, "a release, such as '8.5.1'")
      .default('8.5.1'),
    queues: z.array(z.strictObject({ name, strategy: z.string().max(64).default('') })).min(1),
    strategies: z.array(z.strictObject({ name, group: name })).min(1),
    workbins: z.array(name).default([]),
    sources: z
      .array(
        z.strictObject({
          media: z.enum(MEDIA_NAMES),
          queue: name,
          perHour: z.number().min(0).max(100_000),
        }),
      )
      .default([]),
    meanHandle: durationSeconds.default(120),
  })
  .transform(({ meanHandle, ...rest }) => ({ ...rest, meanHandleSeconds: meanHandle }));

const utcOffset = z
  .string()
  .regex(/^[+-]\d\d:\d\d$/, "an offset from UTC, such as '-06:00'")
  .transform((text) => {
    const seconds = Number(text.slice(1, 3)) * 3600 + Number(text.slice(4)) * 60;
    return text[0] === '-' ? -seconds : seconds;
  });

export const labFileSchema = z
  .strictObject({
    format: z.literal(LAB_FILE_FORMAT, { error: `must be ${LAB_FILE_FORMAT}` }),
    version: z.literal(LAB_FILE_VERSION, {
      error: `this program reads version ${LAB_FILE_VERSION}; a newer file needs a newer program`,
    }),
    name: name.regex(/^[A-Za-z0-9_-]+$/, 'letters, digits, - and _ only'),
    description: z.string().max(400).default(''),
    seed: z
      .number()
      .int()
      .min(0)
      .max(2 ** 31 - 1),
    start: z.iso.datetime({ error: 'a UTC time, such as 2026-03-02T15:00:00Z' }),
    utcOffset,
    diskSync: durationUs.default(4000),
    networks: z.strictObject({ private: network, public: network }),
    centralController: z.strictObject({
      customer: name,
      stateSizeThresholdMb: z.number().int().min(1).default(30),
      start: z.strictObject({ A: durationUs, B: durationUs }),
      /** Names and values are checked against the settings of the engine. */
      settings: z.record(z.string(), z.union([z.number(), z.string()])).default({}),
    }),
    networkIcm: z
      .strictObject({
        name: name.regex(/^[A-Za-z][A-Za-z0-9]*$/, 'letters and digits only: it is a host name'),
        dialedNumbers: z.array(z.strictObject({ dn, callType: name })).min(1),
        requestsPerHour: z.number().positive().max(1_000_000),
      })
      .optional(),
    tenant: name,
    skills: z.array(name),
    sites: z.array(site).min(1).max(16),
    groups: z.array(z.strictObject({ name, site: name })),
    agents: z.array(agent),
    scripts: z.array(z.strictObject({ name, steps: z.string().max(4000) })),
    callTypes: z.array(z.strictObject({ name, script: name })),
    services: z.array(z.strictObject({ name, site: name })),
    routes: z.array(z.strictObject({ name, service: name, group: name })),
    traffic: z.strictObject({
      callsPerHour: z.array(z.number().min(0).max(1_000_000)).length(24, '24 hours, 24 numbers'),
      meanAnswer: durationSeconds,
      meanTalk: durationSeconds,
      meanAfterCall: durationSeconds,
      meanPatience: durationSeconds,
      digits: z
        .array(z.strictObject({ digits, share: z.number().min(0).max(1) }))
        .max(12)
        .refine(
          (choices) => choices.reduce((sum, { share: part }) => sum + part, 0) < 1 + 1e-9,
          'the shares are more than all callers',
        )
        .default([]),
      agents: z.enum(['themselves', 'hand']).default('themselves'),
      transferShare: share,
      conferenceShare: share,
      holdShare: share,
      attachedDataShare: share,
      breaksPerHour: z.number().min(0).max(60).default(0),
      outboundCallsPerHour: z.number().min(0).max(600).default(0),
    }),
    multimedia: multimedia.optional(),
    outbound: z.strictObject({ name, campaigns: z.array(campaign).min(1).max(50) }).optional(),
    icon: z.strictObject({
      name,
      second: name.optional(),
      roles: z.array(z.enum(['all', 'cfg', 'gcc', 'gls', 'gud', 'gos', 'lrm'])).min(1),
      /** Names and values are checked against the options that the engine obeys. */
      options: optionValues.default({}),
    }),
    configurationServer: z
      .strictObject({
        version: z
          .string()
          .regex(/^\d+\.\d+/, "a release, such as '8.1'")
          .default('8.1'),
        options: z.record(z.string(), optionValues).default({}),
      })
      .prefault({}),
  })
  .transform((file): LabDefinition => {
    const { format: _format, version: _version, start, diskSync, traffic, ...rest } = file;
    const { customer, stateSizeThresholdMb, start: startUs, settings } = file.centralController;
    return {
      ...rest,
      epochSeconds: Date.parse(start) / 1000,
      utcOffsetSeconds: file.utcOffset,
      diskSyncUs: diskSync,
      networks: {
        private: toNetwork(file.networks.private),
        public: toNetwork(file.networks.public),
      },
      centralController: { customer, stateSizeThresholdMb, startUs, settings: toNumbers(settings) },
      traffic: {
        callsPerHour: traffic.callsPerHour,
        meanAnswerSeconds: traffic.meanAnswer,
        meanTalkSeconds: traffic.meanTalk,
        meanAfterCallSeconds: traffic.meanAfterCall,
        meanPatienceSeconds: traffic.meanPatience,
        digits: traffic.digits,
        agentsBy: traffic.agents,
        transferShare: traffic.transferShare,
        conferenceShare: traffic.conferenceShare,
        holdShare: traffic.holdShare,
        attachedDataShare: traffic.attachedDataShare,
        breaksPerHour: traffic.breaksPerHour,
        outboundCallsPerHour: traffic.outboundCallsPerHour,
      },
    };
  });

/** Times become microseconds; what is no time is found by the check against the engine. */
function toNumbers(settings: Readonly<Record<string, string | number>>) {
  return Object.fromEntries(
    Object.entries(settings).map(([name, value]) => {
      return [name, typeof value === 'number' ? value : (parseDurationUs(value) ?? 0)];
    }),
  );
}

function toNetwork(file: z.output<typeof network>) {
  return {
    delayUs: file.delay,
    jitterUs: file.jitter,
    bandwidthBitsPerSecond: file.bandwidth,
    lossRate: file.loss,
  };
}

import type {
  CommandResult,
  LabDescription,
  LabError,
  LabStatus,
  Methods,
  SideStatus,
} from '../contract/rpc.ts';
import type { MdsState } from '../engine/icm/mds/mds-state.ts';
import type { Side } from '../engine/icm/messages.ts';
import type { CallRouterState } from '../engine/icm/router/call-router-state.ts';
import { stateBytes } from '../engine/icm/router/router-state.ts';
import type { IconState } from '../engine/icon/icon-state.ts';
import { hashHex } from '../engine/kernel/hash.ts';
import type { LabCommand } from '../engine/lab/commands.ts';
import { isEdit } from '../engine/lab/edit-refusals.ts';
import { callStory, listCalls } from './calls/call-story.ts';
import { CLOSING, ENGINE_STOPPED, GIVEN_UP, notDurable } from './command-errors.ts';
import { configurationMethods } from './configuration/configuration-methods.ts';
import { ImportPlanner } from './configuration/import-planner.ts';
import { LongEdits } from './configuration/long-edits.ts';
import { completeConsoleLine, describeConsoles, executeLine } from './console.ts';
import { HistoryRebuild } from './history-rebuild.ts';
import { IdbImages } from './idb/idb-images.ts';
import { areFull, IDB_FULL } from './idb/idb-limit.ts';
import { idbMethods } from './idb/idb-methods.ts';
import { QueryRunner } from './idb/query-runner.ts';
import { AddedLanes } from './journal/added-lanes.ts';
import { detailMessage, explain, follow } from './journal/explain.ts';
import { stateChange } from './journal/state-change.ts';
import { transferStories } from './journal/transfer-stories.ts';
import { labAvailability } from './lab-availability.ts';
import { LabCheckpoints } from './lab-checkpoints.ts';
import { LabDriver } from './lab-driver.ts';
import { LongWork } from './long-work.ts';
import { Metrics } from './metrics.ts';
import { reportGateways, reportLog, reportNodes, reportThreshold } from './node-report.ts';
import { exportRegistry, previewRegistryFile, reportRegistry } from './registry-report.ts';
import type { RunningLab } from './running-lab.ts';
import { StateInspector } from './state-inspector.ts';
import type { LabFolder, LabPast, OpenedLab } from './store/lab-folder.ts';
import { tellError } from './tell-error.ts';
import { reportTopology } from './topology-report.ts';
import { awaitIn } from './until.ts';

const CLOCK_INTERVAL_MS = 250;
/** Between two tries to save a lab that could not be saved. */
const RETRY_MS = 3000;

/** A lab that is being used: driven in real time, made durable, and asked by screens. */
export class LabHost {
  private readonly driver: LabDriver;
  private readonly clockTimer: NodeJS.Timeout;
  private readonly checkpoints: LabCheckpoints;
  private readonly edits: LongEdits;
  /** Of each IDB, in their order. */
  private readonly images: readonly IdbImages[];
  private durableUs: number;
  private lastLoggedCount = -1;
  private lastLoggedUs = -1;
  private problem: string | null = null;
  private isClosing = false;
  private triedMs = 0;
  private trying: Promise<void> | undefined;

  private rebuild: HistoryRebuild | undefined;
  private readonly running: RunningLab;
  private readonly folder: LabFolder | undefined;
  private readonly notices: string[];
  private readonly inspector: StateInspector;
  private readonly metrics: Metrics;
  private readonly queries = new QueryRunner();
  private readonly imports = new ImportPlanner();
  private readonly reading = new LongWork(() => this.onStatus(this.status()));
  private readonly addedLanes = new AddedLanes();

  constructor(
    opened: Omit<OpenedLab, 'folder'> & { readonly folder: LabFolder | undefined },
    private readonly onStatus: (status: LabStatus) => void,
  ) {
    const { running, past } = opened;
    this.running = running;
    this.folder = opened.folder;
    this.notices = [...opened.notices];
    this.inspector = new StateInspector(running.lab);
    if (past) this.rebuildHistory(past);
    const { crash } = opened;
    this.metrics = new Metrics(running);
    this.metrics.look();
    this.driver = new LabDriver(
      running.lab.simulation,
      () => this.onStatus(this.status()),
      () => this.afterWork(),
    );
    if (crash) this.driver.stopForGood(crash);
    this.edits = new LongEdits(running.lab, this.driver, () => this.onStatus(this.status()));
    this.durableUs = running.nowUs;
    this.clockTimer = setInterval(() => void this.keepSaved(), CLOCK_INTERVAL_MS);
    for (const { idb } of running.idbs) idb.indexKeys();
    this.images = running.idbs.map(({ idb }) => new IdbImages(idb));
    this.checkpoints = new LabCheckpoints(running, this.folder, this.driver, this.images, {
      isOn: () => this.problem === null && !this.driver.hasCrashed,
      fail: (error) => this.fail(error),
    });
  }

  /** Sets the lab going, as a lab that has just been opened does. */
  run(speed: number): void {
    this.driver.run(speed);
  }

  /** An IDB as it is at this lab moment. */
  idbImage(database: string | undefined): Promise<Uint8Array> {
    const { idbs } = this.running;
    return this.images[idbs.indexOf(this.running.idbIn(database))].recent();
  }

  private afterWork(): void {
    this.metrics.look();
    if (areFull(this.running.idbs)) this.driver.pause();
  }

  /** One entry for every method of the contract. */
  readonly methods: Methods = {
    'lab.describe': () => this.describe(),
    'lab.status': () => this.status(),
    'lab.run': ({ speed }) => {
      this.driver.run(speed);
      return this.status();
    },
    'lab.pause': async () => {
      this.driver.pause();
      await this.logClock();
      return this.status();
    },
    'lab.step': async ({ by }) => {
      this.driver.step(by);
      await this.logClock();
      return this.status();
    },
    'lab.advance': async ({ us }) => {
      await this.driver.advance(us);
      await this.logClock();
      return this.status();
    },
    'lab.until': async ({ limitUs, text, what }) => {
      const awaited = awaitIn(this.running, what, text);
      if (typeof awaited === 'string') {
        return { end: 'ended', problem: awaited, status: this.status() };
      }
      const end = await this.driver.until(awaited.isSo, limitUs);
      awaited.end();
      await this.logClock();
      return { end, problem: null, status: this.status() };
    },
    'metrics.read': () => this.metrics.report(),
    'timeline.read': () => this.running.history.timeline.list(),
    'lab.execute': ({ command }) => this.carryOut(command),
    'ladder.rows': ({ filter, from, limit }) => {
      const { journal, ladder } = this.running;
      if (!filter.lanes?.length) return ladder.page(filter, from, limit);
      return this.addedLanes.page(ladder, journal, filter, { from, limit });
    },
    'transfers.list': () => {
      const { journal, ladder, nowUs } = this.running;
      return transferStories(ladder, journal, nowUs);
    },
    'journal.explain': ({ seq }) => explain(this.running.journal, seq),
    'journal.followed': ({ seq }) => follow(this.running.journal, seq),
    'journal.message': ({ seq }) => detailMessage(this.running.journal, seq),
    'journal.stateChange': ({ process }) => stateChange(this.running.journal, process),
    'nodes.list': () => reportNodes(this.running.lab),
    'topology.read': () => reportTopology(this.running.lab),
    'alarms.list': () => this.running.journal.alarms.list(),
    'log.window': (parameters) => reportLog(this.running.journal, parameters),
    'console.execute': (parameters) =>
      executeLine(this.running, parameters, (command) => this.carryOut(command)),
    'console.complete': (parameters) => completeConsoleLine(this.running, parameters),
    'registry.read': ({ host }) => reportRegistry(this.running.lab, host),
    'registry.export': ({ host, key }) => exportRegistry(this.running.lab, host, key),
    'registry.preview': ({ host, text }) => previewRegistryFile(this.running.lab, host, text),
    'state.report': () => this.inspector.report(),
    'state.mark': () => {
      this.inspector.setMark();
      return this.inspector.report();
    },
    'state.differences': ({ table, what }) => this.inspector.differences(table, what),
    ...configurationMethods(
      () => this.running,
      (command) => this.carryOut(command),
      this.imports,
      () => this.edits.cancel(),
    ),
    'calls.list': (parameters) => listCalls(this.running, parameters),
    'calls.story': ({ uuid, database }) => callStory(this.running, uuid, database) ?? null,
    'availability.report': () => labAvailability(this.running),
    ...idbMethods(
      () => this.running,
      (database) => this.idbImage(database),
      this.queries,
      this.reading,
    ),
  };

  /** Answers why something is not saved, or null. */
  async close(): Promise<string | null> {
    this.isClosing = true;
    this.queries.cancel();
    this.imports.cancel();
    this.edits.cancel();
    this.reading.cancel();
    this.driver.close();
    this.rebuild?.stop();
    clearInterval(this.clockTimer);
    await this.logClock();
    await this.trying;
    if (this.problem !== null) await this.tryAgain();
    await this.checkpoints.close();
    await this.folder?.close();
    this.running.close();
    // Without its last checkpoint a lab is all there, and takes longer to open.
    return this.folder?.log.failure ? this.problem : null;
  }

  private rebuildHistory({ entries, until }: LabPast): void {
    const { definition } = this.running.lab;
    this.rebuild = new HistoryRebuild(definition, entries, until, this.running, (problem) => {
      this.rebuild = undefined;
      if (problem) this.notices.push(problem);
      this.onStatus(this.status());
    });
    this.rebuild.start();
  }

  /** Carries a command out and makes it durable. */
  private async carryOut(command: LabCommand): Promise<CommandResult> {
    const { running } = this;
    const early = this.refusal();
    if (early) return { ok: false, error: early };
    const prepared = isEdit(command) ? await this.edits.prepare(command) : undefined;
    if (prepared === null) return { ok: false, error: GIVEN_UP };
    // An edit may have been long on its way.
    const late = this.refusal();
    if (late) return { ok: false, error: late };
    const position = { eventCount: running.eventCount, nowUs: running.nowUs };
    const result = running.lab.execute(command, prepared);
    if (!result.ok) return result;
    const encoded = prepared?.encoded && { ...command, ...prepared.encoded };
    try {
      // Whoever gave it waits for the disk, and not for the lab's own work in between.
      await this.driver.whileUrgent(async () =>
        this.folder?.log.append({ kind: 'command', command, ...position }, encoded),
      );
      this.durableUs = Math.max(this.durableUs, position.nowUs);
      // Whoever gave it, a console too; one that runs tells its status anyway.
      if (!this.driver.state().running) this.onStatus(this.status());
      return result;
    } catch (error) {
      this.fail(error as Error);
      return { ok: false, error: notDurable(error) };
    }
  }

  /** Why no command is carried out at the moment. */
  private refusal(): LabError | undefined {
    if (this.driver.hasCrashed) return ENGINE_STOPPED;
    return this.isClosing ? CLOSING : undefined;
  }

  /** Makes the present moment durable. */
  private async logClock(): Promise<void> {
    const { running, folder } = this;
    const { eventCount, nowUs } = running;
    if (this.driver.hasCrashed) return;
    if (!folder) {
      this.durableUs = 0;
      return;
    }
    if (eventCount === this.lastLoggedCount && nowUs === this.lastLoggedUs) return;
    this.lastLoggedCount = eventCount;
    this.lastLoggedUs = nowUs;
    const journalHash = hashHex(running.lab.simulation.world.journalHash);
    try {
      await folder.log.append({ kind: 'clock', eventCount, nowUs, journalHash });
      this.durableUs = Math.max(this.durableUs, nowUs);
    } catch (error) {
      this.fail(error as Error);
    }
  }

  private async keepSaved(): Promise<void> {
    await this.logClock();
    if (this.problem === null || performance.now() - this.triedMs < RETRY_MS) return;
    this.triedMs = performance.now();
    this.trying ??= this.tryAgain();
    await this.trying;
    this.trying = undefined;
  }

  /** The disk may have space again. */
  private async tryAgain(): Promise<void> {
    if (!this.folder || !(await this.folder.log.retry())) return;
    if (!(await this.checkpoints.again())) return;
    this.problem = null;
    this.durableUs = Math.max(this.durableUs, this.lastLoggedUs);
    this.onStatus(this.status());
  }

  private fail(error: Error): void {
    if (this.problem === null) this.triedMs = performance.now();
    this.problem = `The lab is no longer saved: ${tellError(error)}`;
    this.onStatus(this.status());
  }

  private describe(): LabDescription {
    const { definition, simulation } = this.running.lab;
    return {
      name: definition.name,
      description: definition.description,
      epochSeconds: definition.epochSeconds,
      utcOffsetSeconds: definition.utcOffsetSeconds,
      customer: definition.centralController.customer,
      dialedNumbers: definition.sites.flatMap(({ routingPoints }) =>
        routingPoints.map(({ dn, name }) => ({ dn, name })),
      ),
      hosts: [...simulation.world.hosts.keys()],
      iconRoles: definition.icon.roles,
      icons: this.running.idbs.map(({ place: { name, database } }) => ({ name, database })),
      consoles: describeConsoles(this.running.lab),
    };
  }

  private status(): LabStatus {
    const { lab, ladder, journal } = this.running;
    return {
      nowUs: lab.simulation.nowUs,
      ...this.driver.state(),
      eventCount: lab.simulation.world.eventCount,
      sides: { A: this.side('A'), B: this.side('B') },
      thresholdMb: reportThreshold(lab),
      gateways: reportGateways(lab),
      alarms: journal.alarms.list().filter(({ single }) => !single).length,
      logCount: journal.logLinesDropped + journal.logLines.length,
      icons: this.running.idbs.map(({ place: { name, process } }) => {
        const icon = lab.stateOf<IconState>(process);
        return {
          name,
          up: icon !== undefined,
          accumulator: icon?.pipeline.accumulator.rows ?? 0,
          queued: icon?.pipeline.queued.length ?? 0,
          calls: icon?.calls.size ?? 0,
          idbConnected: icon?.pipeline.open ?? false,
        };
      }),
      faults: lab.faults(),
      ladder: ladder.counts,
      historyRebuilt: this.rebuild?.progress ?? null,
      editing: this.edits.fraction,
      reading: this.reading.fraction,
      durability: {
        folder: this.folder?.path ?? null,
        durableUs: this.durableUs,
        problem: this.problem,
      },
      notices: areFull(this.running.idbs) ? [...this.notices, IDB_FULL] : [...this.notices],
    };
  }

  private side(side: Side): SideStatus {
    const letter = side.toLowerCase();
    const { hung } = this.running.lab.simulation.process(`r${letter}-rtr`);
    const mds = this.running.lab.stateOf<MdsState>(`r${letter}-mds`);
    const router = this.running.lab.stateOf<CallRouterState>(`r${letter}-rtr`);
    return {
      synchronizer: mds?.state ?? 'down',
      router: hung ? 'hung' : (router?.client.phase ?? 'down'),
      stateBytes: router ? stateBytes(router.router) : 0,
      stateBytesMax: router?.router.maxBytes ?? 0,
    };
  }
}

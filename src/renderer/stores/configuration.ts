import { defineStore } from 'pinia';
import { computed, ref, shallowRef, watch } from 'vue';
import type { labCommandSchema } from '../../contract/commands.ts';
import type {
  ConfigurationHistory,
  ConfigurationObject,
  ConfigurationType,
  EditEffect,
  IconReport,
  ObjectTypeName,
  OptionInfo,
} from '../../contract/rpc.ts';
import { throttle } from '../ui/throttle.ts';
import { useLab } from './lab.ts';
import { useScreen } from './screen.ts';
import { useTasks } from './tasks.ts';

type LabCommand = (typeof labCommandSchema)['_output'];
type Edit = Extract<LabCommand, { as?: number }>;

/** An object as it was when somebody began to type, and as it is typed now. */
export interface Draft {
  readonly base: ConfigurationObject | undefined;
  readonly content: CommandObject;
}

type CommandObject = Extract<LabCommand, { verb: 'update-object' }>['object'];

/** An object as a command takes it: plain, and free of what reactive values hang on to. */
export function commandObject(object: ConfigurationObject): CommandObject {
  return JSON.parse(JSON.stringify(object)) as CommandObject;
}

/** Also after the page is loaded anew; another lab has other objects. */
export const DRAFTS_KEY = 'duplexlab.drafts';
/** More would make each key slow. */
const MAX_DRAFTS_CHARACTERS = 1_000_000;

type KeptDrafts = { readonly folder: string; readonly drafts: readonly [string, Draft][] };

function keptDrafts(folder: () => string) {
  const before = readDrafts();
  const drafts = new Map(before.drafts);
  let isChecked = false;
  const check = (now: string) => {
    if (isChecked || now === '') return;
    isChecked = true;
    // Those of another lab, which was open in this window before.
    if (now !== before.folder) drafts.clear();
  };
  watch(folder, check, { immediate: true });
  const keep = () => {
    const text = JSON.stringify({ folder: folder(), drafts: [...drafts] } satisfies KeptDrafts);
    try {
      if (text.length > MAX_DRAFTS_CHARACTERS) throw new Error('too much to be kept');
      sessionStorage.setItem(DRAFTS_KEY, text);
    } catch {
      // None is better than those of a while ago.
      sessionStorage.removeItem(DRAFTS_KEY);
    }
  };
  return {
    get: (key: string) => drafts.get(key),
    set(key: string, draft: Draft): void {
      drafts.set(key, draft);
      keep();
    },
    delete(key: string): void {
      if (drafts.delete(key)) keep();
    },
  };
}

function readDrafts(): KeptDrafts {
  try {
    const found = JSON.parse(sessionStorage.getItem(DRAFTS_KEY) ?? '{}') as Partial<KeptDrafts>;
    return { folder: found.folder ?? '', drafts: found.drafts ?? [] };
  } catch {
    return { folder: '', drafts: [] };
  }
}

const FOLLOW_MS = 600;
/** What is said of an edit while it is worked out. */
const EDIT_WORDS: Partial<Record<Edit['verb'], string>> = {
  'undo-edit': 'Undoing the last edit',
  'redo-edit': 'Making the edit again',
};
const HISTORY_ROWS = 100;

/** Mirror of the configuration: the objects, the history log, ICON's copy, and the last edit. */
export const useConfiguration = defineStore('configuration', () => {
  const lab = useLab();
  const tasks = useTasks();
  const types = shallowRef<readonly ConfigurationType[]>([]);
  const objects = shallowRef<Partial<Record<ObjectTypeName, readonly ConfigurationObject[]>>>({});
  const options = shallowRef<readonly OptionInfo[]>([]);
  const history = shallowRef<ConfigurationHistory>();
  const icon = shallowRef<IconReport | null>(null);
  const screen = useScreen();
  /** The ICON that is looked at; empty before the lab is known. */
  const iconName = computed(() => {
    const icons = lab.description?.icons ?? [];
    return (icons.find(({ database }) => database === screen.database) ?? icons[0])?.name ?? '';
  });
  /** DBID of the person who edits; null: the administrator. */
  const as = ref<number | null>(null);
  const edit = shallowRef<{ readonly title: string; readonly seq: number }>();
  const effect = shallowRef<EditEffect>();

  /** What the view shows: it is there again when somebody comes back to it. */
  const selected = shallowRef<{
    readonly type: ObjectTypeName;
    readonly dbid: number | null;
  } | null>(null);
  /** What was typed and not saved, by object. */
  const drafts = keptDrafts(() => lab.status?.durability.folder ?? '');
  let loaded = -1;

  const typeOf = (name: string) => types.value.find((type) => type.name === name);
  /** The view is there to be kept up. */
  const isShown = ref(false);

  /** Everything at once: a form that comes twice would forget what was typed. */
  async function load(): Promise<void> {
    const found = await lab.attempt(async () => {
      const all = await lab.call('configuration.types', {});
      const author = as.value === null ? {} : { as: as.value };
      const lists = await Promise.all(
        all.map(({ name: type }) => lab.call('configuration.objects', { type, ...author })),
      );
      const { transaction } = await lab.call('configuration.history', { limit: 1 });
      return { all, lists, transaction, options: await lab.call('configuration.options', {}) };
    });
    if (!found) return;
    options.value = found.options;
    objects.value = Object.fromEntries(
      found.all.map(({ name }, index) => [name, found.lists[index]]),
    );
    types.value = found.all.map((type, index) => ({ ...type, count: found.lists[index].length }));
    loaded = found.transaction;
    await refresh();
  }

  async function refresh(): Promise<void> {
    const wanted = iconName.value;
    const found = await lab.attempt(async () => ({
      history: await lab.call('configuration.history', { limit: HISTORY_ROWS }),
      icon: await lab.call('configuration.icon', wanted ? { icon: wanted } : {}),
      effect: edit.value && (await lab.call('configuration.effect', { seq: edit.value.seq })),
    }));
    if (!found) return;
    history.value = found.history;
    // Another ICON may have been chosen meanwhile.
    if (wanted === iconName.value) icon.value = found.icon;
    // Another window, a console or a file has changed objects.
    if (isShown.value && loaded >= 0 && found.history.transaction !== loaded) void load();
    // Another edit may have been made meanwhile.
    if (found.effect?.seq === edit.value?.seq) effect.value = found.effect;
  }

  /** Carries an edit out in the name of whoever edits; what it does is followed from then on. */
  async function execute(command: Edit, title: string, onDone: () => void = () => {}) {
    const author = as.value === null ? {} : { as: as.value };
    const result = await trackEdit({ title: EDIT_WORDS[command.verb] ?? 'Making the edit' }, () =>
      lab.execute({ ...command, ...author }),
    );
    if (!result?.ok) return result;
    onDone();
    follow(title, result.seq);
    await load();
    return result;
  }

  /** An edit of thousands of objects takes its time: how far it is, and a way to give it up. */
  function trackEdit<T>(
    task: { readonly title: string; readonly cancel?: () => unknown },
    work: () => Promise<T>,
  ): Promise<T> {
    const cancel = () => lab.call('configuration.cancel', {});
    const fractionNow = () => lab.status?.editing ?? null;
    return tasks.track({ cancel, fractionNow, ...task }, work);
  }

  /** Takes the last edit back, or makes it again; nothing where there is none. */
  async function step(verb: 'undo-edit' | 'redo-edit'): Promise<void> {
    if (isStepping) return;
    isStepping = true;
    await stepOnce(verb);
    isStepping = false;
  }
  let isStepping = false;

  async function stepOnce(verb: 'undo-edit' | 'redo-edit'): Promise<void> {
    if (!isShown.value) await refresh();
    const isUndo = verb === 'undo-edit';
    const what = (isUndo ? history.value?.undo : history.value?.redo) ?? '';
    const done = `${isUndo ? 'Undone' : 'Redone'}: ${what}`;
    if (what === '') return lab.say('info', `There is nothing to ${isUndo ? 'undo' : 'redo'}.`);
    const result = await execute({ verb }, done);
    // Where the configuration is not shown nothing else tells it.
    if (result?.ok && !isShown.value) lab.say('info', `${done}.`);
  }

  function follow(title: string, seq: number): void {
    edit.value = { title, seq };
    effect.value = undefined;
    void refresh();
  }

  watch(as, () => void load());
  const keepUp = throttle(() => void refresh(), FOLLOW_MS);
  watch(
    () => lab.status?.nowUs,
    () => {
      if (isShown.value) keepUp();
    },
  );

  return {
    types,
    objects,
    options,
    history,
    icon,
    iconName,
    as,
    edit,
    effect,
    selected,
    drafts,
    isShown,
    typeOf,
    load,
    refresh,
    execute,
    trackEdit,
    step,
    follow,
  };
});

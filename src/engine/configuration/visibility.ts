import { forEachInSteps, type Steps } from '../kernel/steps.ts';
import { AccountView, accountOfApplication, isOpenToAll } from './access.ts';
import { APPLICATION_TYPE, type ConfigurationObject, objectKey } from './object-types.ts';
import type { ObjectChange } from './transaction.ts';

/** Which client sees what, before and after a transaction. */

type Objects = ReadonlyMap<string, ConfigurationObject>;

export type VisibilityChange = {
  readonly application: number;
  readonly action: 'hidden' | 'shown';
  readonly object: ConfigurationObject;
};

export type Visibility = {
  /** DBIDs of the applications that must not be told of a change as such. */
  readonly hiddenFrom: (change: ObjectChange) => readonly number[];
  /** Objects that were there before and after, and came into or went out of sight. */
  readonly changes: readonly VisibilityChange[];
};

/** An application always sees itself: it could not start otherwise (emulator choice). */
export function seesObject(view: AccountView, application: number, object: ConfigurationObject) {
  const isItself = object.type === 'application' && object.dbid === application;
  return isItself || view.sees(object);
}

export function* visibilityOf(
  before: Objects,
  after: Objects,
  changes: readonly ObjectChange[],
): Steps<Visibility> {
  if (isOpenToAll(before) && isOpenToAll(after)) {
    return { hiddenFrom: () => NOBODY, changes: [] };
  }
  const applications = [...after.values()].filter(readsConfiguration);
  const then = new ViewsByApplication(before, applications);
  const now = new ViewsByApplication(after, applications);
  const saw = (application: number, object: ConfigurationObject) =>
    seesObject(then.of(application), application, object);
  const sees = (application: number, object: ConfigurationObject) =>
    seesObject(now.of(application), application, object);
  const isTold = (application: number, change: ObjectChange) => {
    const knew = change.before === null || saw(application, change.before);
    return knew && (change.action === 'deleted' || sees(application, change.object));
  };
  const hiddenFrom = (change: ObjectChange) =>
    applications.map(({ dbid }) => dbid).filter((dbid) => !isTold(dbid, change));
  if (!changes.some(touchesAccess)) return { hiddenFrom, changes: [] };
  const moved: VisibilityChange[] = [];
  for (const { dbid: application } of applications) {
    yield* forEachInSteps([...after], ([key, object]) => {
      const old = before.get(key);
      if (!old) return;
      const isSeen = sees(application, object);
      if (saw(application, old) === isSeen) return;
      moved.push({ application, action: isSeen ? 'shown' : 'hidden', object });
    });
  }
  return { hiddenFrom, changes: moved };
}

const NOBODY: readonly number[] = [];

/** Applications that are clients of the Configuration Server: in a lab, ICON (emulator choice). */
function readsConfiguration({ type, fields }: ConfigurationObject): boolean {
  return type === 'application' && fields['applicationType'] === APPLICATION_TYPE.icon;
}

/** One view for each account, however many applications log on with it. */
class ViewsByApplication {
  private readonly byAccount = new Map<string, AccountView>();
  private readonly byApplication = new Map<number, AccountView>();

  constructor(objects: Objects, applications: readonly ConfigurationObject[]) {
    for (const { dbid } of applications) {
      const application = objects.get(objectKey('application', dbid));
      const account = application ? accountOfApplication(application) : '';
      const view = this.byAccount.get(account) ?? new AccountView(objects, account);
      this.byAccount.set(account, view);
      this.byApplication.set(dbid, view);
    }
  }

  of(application: number): AccountView {
    return this.byApplication.get(application)!;
  }
}

/** Rights, membership, folders and log-on accounts decide who sees what. */
function touchesAccess({ object, before }: ObjectChange): boolean {
  if (object.type === 'accessGroup' || object.type === 'folder') return true;
  if (object.fields['folder'] !== before?.fields['folder']) return true;
  if (object.fields['logOnAs'] !== before?.fields['logOnAs']) return true;
  return JSON.stringify(object.access ?? []) !== JSON.stringify(before?.access ?? []);
}

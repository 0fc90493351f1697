import {
  type ConfigurationObject,
  listField,
  numberField,
  objectKey,
  RIGHTS,
  type Rights,
} from './object-types.ts';

/**
 * Who may see and change what. Rights stand on objects and folders; what has none of its own for
 * an account takes its folder's, up to the top, where everybody may do everything (emulator
 * choice: docs/fidelity/choices.md).
 */

/** The account of applications that log on as nobody in particular. */
export const SYSTEM_ACCOUNT = 'SYSTEM';
/** Every person, but not SYSTEM. */
export const EVERYONE = 'everyone';

type Objects = ReadonlyMap<string, ConfigurationObject>;

export function personAccount(dbid: number): string {
  return objectKey('person', dbid);
}

/** Account under which an application reads the configuration. */
export function accountOfApplication(application: ConfigurationObject): string {
  const person = numberField(application, 'logOnAs');
  return person === 0 ? SYSTEM_ACCOUNT : personAccount(person);
}

/** What one account may do with each object, as the objects stand now. */
export class AccountView {
  private readonly identities: ReadonlySet<string>;
  private readonly folders = new Map<number, Rights>();

  constructor(
    private readonly objects: Objects,
    account: string,
  ) {
    this.identities = identitiesOf(objects, account);
  }

  sees(object: ConfigurationObject): boolean {
    return this.rights(object) !== 'none';
  }

  mayChange(object: ConfigurationObject): boolean {
    const rights = this.rights(object);
    return rights === 'change' || rights === 'full';
  }

  mayGrant(object: ConfigurationObject): boolean {
    return this.rights(object) === 'full';
  }

  /** May put objects into a folder; 0 is none. */
  mayChangeIn(folder: number): boolean {
    const rights = this.folderRights(folder);
    return rights === 'change' || rights === 'full';
  }

  mayGrantIn(folder: number): boolean {
    return this.folderRights(folder) === 'full';
  }

  private rights(object: ConfigurationObject): Rights {
    return this.ownRights(object) ?? this.folderRights(numberField(object, 'folder'));
  }

  /** Up the folders to the first that says something; a circle, not refused yet, says nothing. */
  private folderRights(dbid: number): Rights {
    const passed: number[] = [];
    let rights: Rights | undefined;
    let next = dbid;
    while (rights === undefined && next !== 0 && !passed.includes(next)) {
      rights = this.folders.get(next);
      passed.push(next);
      const folder = this.objects.get(objectKey('folder', next));
      rights ??= folder && this.ownRights(folder);
      next = folder ? numberField(folder, 'folder') : 0;
    }
    for (const one of passed) this.folders.set(one, rights ?? 'full');
    return rights ?? 'full';
  }

  /** "None" wins; else the most that any of the account's groups has. */
  private ownRights({ access = [] }: ConfigurationObject): Rights | undefined {
    const given = access.filter(({ account }) => this.identities.has(account));
    if (given.length === 0) return undefined;
    if (given.some(({ rights }) => rights === 'none')) return 'none';
    return RIGHTS.findLast((rights) => given.some((entry) => entry.rights === rights));
  }
}

function identitiesOf(objects: Objects, account: string): Set<string> {
  const identities = new Set([account]);
  if (account === SYSTEM_ACCOUNT) return identities;
  identities.add(EVERYONE);
  for (const object of objects.values()) {
    if (object.type !== 'accessGroup') continue;
    const isMember = listField(object, 'members').some((dbid) => personAccount(dbid) === account);
    if (isMember) identities.add(objectKey('accessGroup', object.dbid));
  }
  return identities;
}

/** True where no right is given anywhere: everybody sees everything. */
export function isOpenToAll(objects: Objects): boolean {
  for (const { access } of objects.values()) if (access && access.length > 0) return false;
  return true;
}

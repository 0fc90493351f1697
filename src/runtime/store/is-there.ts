import { access, constants } from 'node:fs/promises';

/** Whether something stands under a path, or can be used in a way, such as `constants.W_OK`. */
export function isThere(path: string, mode = constants.F_OK): Promise<boolean> {
  return access(path, mode).then(
    () => true,
    () => false,
  );
}

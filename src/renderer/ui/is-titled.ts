import type { InjectionKey } from 'vue';

/** True where something outside of a panel shows its title already. */
export const IS_TITLED: InjectionKey<boolean> = Symbol('is titled');

import type { InjectionKey, Ref } from 'vue';

/** Provided by a panel of the dock: false while its tab is behind another one. */
export const IS_SHOWN: InjectionKey<Readonly<Ref<boolean>>> = Symbol('is shown');

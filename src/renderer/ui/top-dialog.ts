import { computed, shallowRef } from 'vue';

/** Modal dialogs that are open, the newest last. */
const dialogs = shallowRef<readonly HTMLDialogElement[]>([]);

/** Where one can click: what stands outside of a modal dialog cannot be reached. */
export const reachable = computed(() => dialogs.value.at(-1) ?? document.body);

export function noteOpened(dialog: HTMLDialogElement): void {
  dialogs.value = [...dialogs.value, dialog];
}

export function noteClosed(dialog: HTMLDialogElement): void {
  dialogs.value = dialogs.value.filter((one) => one !== dialog);
}

import { defineStore } from 'pinia';
import { ref, watch } from 'vue';

export const VIEWS = ['overview', 'configuration', 'consoles', 'tables'] as const;
export type View = (typeof VIEWS)[number];
export type Theme = 'system' | 'light' | 'dark';

const THEME_KEY = 'duplexlab.theme';

/** Which view is open, and how the window looks: the screen's own state, not the lab's. */
export const useScreen = defineStore('screen', () => {
  const view = ref<View>('overview');
  const theme = ref<Theme>((localStorage.getItem(THEME_KEY) as Theme | null) ?? 'system');
  const dialog = ref<'palette' | 'help' | null>(null);

  watch(
    theme,
    (next) => {
      if (next === 'system') delete document.documentElement.dataset['theme'];
      else document.documentElement.dataset['theme'] = next;
      localStorage.setItem(THEME_KEY, next);
    },
    { immediate: true },
  );

  return { view, theme, dialog };
});

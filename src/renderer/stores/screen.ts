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

  const systemDark = window.matchMedia('(prefers-color-scheme: dark)');
  const systemIsDark = ref(systemDark.matches);
  systemDark.addEventListener('change', ({ matches }) => {
    systemIsDark.value = matches;
  });
  watch(
    [theme, systemIsDark],
    () => {
      const dark = theme.value === 'dark' || (theme.value === 'system' && systemIsDark.value);
      document.documentElement.dataset['theme'] = dark ? 'dark' : 'light';
      localStorage.setItem(THEME_KEY, theme.value);
    },
    { immediate: true },
  );

  return { view, theme, dialog };
});

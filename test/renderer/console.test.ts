import { flushPromises, mount } from '@vue/test-utils';
import { createPinia } from 'pinia';
import { beforeEach, describe, expect, it } from 'vitest';
import ConsoleView from '../../src/renderer/features/console/ConsoleView.vue';
import {
  commonStart,
  completed,
  consoleText,
  cutLine,
  findMatches,
} from '../../src/renderer/features/console/console-text.ts';
import { offerLab } from './offer-lab.ts';

const line = (id: number, text: string, prompt: string | null = null) => ({ id, text, prompt });

describe('text of a console', () => {
  const lines = [line(1, 'dir', 'C:\\>'), line(2, 'Router router'), line(3, '')];

  it('finds words in any case, in prompts too, and cuts lines at them', () => {
    const matches = findMatches(lines, 'ROUTER');
    expect(matches).toEqual([
      { line: 1, from: 0, to: 6 },
      { line: 1, from: 7, to: 13 },
    ]);
    const own = matches.map((match, index) => ({ ...match, index }));
    expect(cutLine('Router router', own)).toEqual([
      { text: 'Router', match: 0 },
      { text: ' ', match: null },
      { text: 'router', match: 1 },
    ]);
    expect(findMatches(lines, '>d')).toHaveLength(1);
    expect(findMatches(lines, '')).toEqual([]);
    expect(cutLine('', [])).toEqual([{ text: '', match: null }]);
  });

  it('is the text that is seen', () => {
    expect(consoleText(lines)).toBe('C:\\>dir\nRouter router\n');
  });

  it('Tab types what is sure, and lists the rest', () => {
    expect(completed('di', 0, ['dir'])).toEqual({ line: 'dir ', choices: [] });
    expect(completed('cd ic', 3, ['icm\\'])).toEqual({ line: 'cd icm\\', choices: [] });
    const choices = ['net', 'netstat'];
    expect(completed('n', 0, choices)).toEqual({ line: 'net', choices });
    expect(completed('NET', 0, choices)).toEqual({ line: 'NET', choices });
    expect(completed('x', 0, [])).toEqual({ line: 'x', choices: [] });
    expect(commonStart(['Route', 'routes', 'rou'])).toBe('Rou');
  });
});

describe('the console', () => {
  beforeEach(() => {
    document.body.innerHTML = '';
    localStorage.clear();
  });

  const answer = (lines: string[], prompt = 'C:\\>') => ({
    lines,
    prompt,
    state: { host: 'cca', folder: '', program: [] },
    clears: false,
  });

  async function open(answers: Record<string, unknown>) {
    const calls = offerLab(answers);
    const view = mount(ConsoleView, {
      global: { plugins: [createPinia()] },
      attachTo: document.body,
    });
    await flushPromises();
    const input = view.get<HTMLInputElement>('form input');
    const press = async (key: string, more = {}) => {
      await input.trigger('keydown', { key, ...more });
      await flushPromises();
    };
    const enter = async (text: string) => {
      await input.setValue(text);
      await view.get('form').trigger('submit');
      await flushPromises();
    };
    return { calls, view, input, press, enter };
  }

  it('shows what was typed and answered, and sends where it stands', async () => {
    const { calls, view, enter } = await open({
      'console.execute': answer(['RTTEST'], 'rttest: '),
    });
    await enter('rttest /cust lab50');
    expect(view.get('[role="log"]').text()).toBe('C:\\>rttest /cust lab50RTTEST');
    expect(view.get('form label').text()).toBe('rttest:');
    expect(calls.find(({ method }) => method === 'console.execute')?.parameters).toEqual({
      state: { host: 'cca', folder: '', program: [] },
      line: 'rttest /cust lab50',
    });
  });

  it('arrow keys walk the history and come back to what was being typed', async () => {
    const { input, press, enter } = await open({ 'console.execute': answer([]) });
    await enter('dir');
    await enter('tasklist');
    await input.setValue('net');
    await press('ArrowUp');
    expect(input.element.value).toBe('tasklist');
    await press('ArrowUp');
    await press('ArrowUp');
    expect(input.element.value).toBe('dir');
    await press('ArrowDown');
    await press('ArrowDown');
    expect(input.element.value).toBe('net');
    expect(JSON.parse(localStorage.getItem('duplexlab.console-history.cca')!)).toEqual([
      'dir',
      'tasklist',
    ]);
  });

  it('Tab asks the lab and lists what a word may become', async () => {
    const { view, input, press } = await open({
      'console.complete': { from: 0, choices: ['net', 'netstat'] },
    });
    await input.setValue('n');
    await press('Tab');
    expect(input.element.value).toBe('net');
    expect(view.get('.choices').text()).toBe('net   netstat');
    await press('Escape');
    expect(view.find('.choices').exists()).toBe(false);
  });

  it('Ctrl C leaves the line, Ctrl L clears, Ctrl F finds', async () => {
    const { view, input, press, enter } = await open({
      'console.execute': answer(['one two', 'two']),
    });
    await enter('x');
    await input.setValue('half a line');
    input.element.setSelectionRange(0, 0);
    await press('c', { ctrlKey: true });
    expect(view.get('[role="log"]').text()).toContain('half a line^C');
    await press('f', { ctrlKey: true });
    const find = view.get<HTMLInputElement>('[role="search"] input');
    await find.setValue('two');
    expect(view.get('[role="search"] [role="status"]').text()).toBe('2 of 2');
    expect(view.findAll('mark')).toHaveLength(2);
    await find.trigger('keydown', { key: 'Enter' });
    expect(view.get('[role="search"] [role="status"]').text()).toBe('1 of 2');
    await find.trigger('keydown', { key: 'Escape' });
    await press('l', { ctrlKey: true });
    expect(view.findAll('[role="log"] pre')).toHaveLength(0);
  });

  it('a refused call says so and keeps the console usable', async () => {
    const { view, enter } = await open({});
    await enter('dir');
    expect(view.get('[role="log"]').text()).toBe('C:\\>dir');
    expect(view.get<HTMLInputElement>('form input').element.value).toBe('');
  });
});

import { autocompletion, completionKeymap } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { SQLite, sql } from '@codemirror/lang-sql';
import { bracketMatching, HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import { Compartment, EditorState } from '@codemirror/state';
import { EditorView, keymap, lineNumbers, placeholder } from '@codemirror/view';
import { tags } from '@lezer/highlight';

/** CodeMirror in the window's own colours. */

const theme = EditorView.theme({
  '&': { height: '100%', color: 'var(--text)', backgroundColor: 'var(--surface-1)' },
  '&.cm-focused': { outline: '2px solid var(--focus)', outlineOffset: '-2px' },
  '.cm-content': { fontFamily: 'var(--font-mono)', caretColor: 'var(--text)' },
  '.cm-cursor': { borderLeftColor: 'var(--text)' },
  '.cm-gutters': {
    color: 'var(--text-dim)',
    backgroundColor: 'var(--surface-0)',
    borderRight: '1px solid var(--line)',
  },
  '.cm-selectionBackground, &.cm-focused .cm-selectionBackground, ::selection': {
    backgroundColor: 'var(--surface-2) !important',
  },
  '.cm-tooltip': {
    color: 'var(--text)',
    backgroundColor: 'var(--surface-1)',
    border: '1px solid var(--line)',
  },
  '.cm-tooltip-autocomplete ul li[aria-selected]': {
    color: 'var(--text)',
    backgroundColor: 'var(--surface-2)',
  },
});

const colours = HighlightStyle.define([
  { tag: tags.keyword, color: 'var(--side-a)', fontWeight: '600' },
  { tag: tags.string, color: 'var(--icon)' },
  { tag: tags.number, color: 'var(--side-b)' },
  { tag: tags.comment, color: 'var(--text-dim)' },
]);

export type SqlEditor = {
  readonly text: () => string;
  readonly setText: (text: string) => void;
  readonly setSchema: (schema: Readonly<Record<string, string[]>>) => void;
  readonly focus: () => void;
  readonly destroy: () => void;
};

/** In a shadow root: there styles need no inline style element, which the page does not allow. */
export function createSqlEditor(
  host: HTMLElement,
  { onChange, onRun, text }: { text: string; onRun: () => void; onChange: (text: string) => void },
): SqlEditor {
  const root = host.shadowRoot ?? host.attachShadow({ mode: 'open' });
  const language = new Compartment();
  const languageOf = (schema: Readonly<Record<string, string[]>>) =>
    sql({ dialect: SQLite, schema: { ...schema }, upperCaseKeywords: true });
  const run = () => {
    onRun();
    return true;
  };
  /**
   * Typing over a selection: left to itself, Chromium would make inline styles of what it deletes,
   * which the page does not allow.
   */
  const typeOver = (event: InputEvent, view: EditorView) => {
    const { data, inputType } = event;
    if (inputType !== 'insertText' || data === null || view.state.selection.main.empty)
      return false;
    event.preventDefault();
    const change = view.state.replaceSelection(data);
    view.dispatch(view.state.update(change, { userEvent: 'input.type', scrollIntoView: true }));
    return true;
  };
  const state = EditorState.create({
    doc: text,
    extensions: [
      lineNumbers(),
      history(),
      bracketMatching(),
      autocompletion(),
      language.of(languageOf({})),
      syntaxHighlighting(colours),
      theme,
      placeholder('SELECT … FROM G_CALL'),
      EditorView.lineWrapping,
      EditorView.domEventHandlers({ beforeinput: typeOver }),
      EditorView.contentAttributes.of({ 'aria-label': 'SQL' }),
      EditorView.updateListener.of(({ docChanged, state }) => {
        if (docChanged) onChange(state.doc.toString());
      }),
      keymap.of([
        { key: 'Mod-Enter', run },
        ...completionKeymap,
        ...defaultKeymap,
        ...historyKeymap,
      ]),
    ],
  });
  const view = new EditorView({ state, parent: root, root });
  return {
    text: () => view.state.doc.toString(),
    setText(next) {
      view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: next } });
    },
    setSchema(schema) {
      view.dispatch({ effects: language.reconfigure(languageOf(schema)) });
    },
    focus: () => view.focus(),
    destroy: () => view.destroy(),
  };
}

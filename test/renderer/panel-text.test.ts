import { expect, it } from 'vitest';
import { panelText } from '../../src/renderer/ui/panel-text.ts';

function textOf(html: string): string {
  const panel = document.createElement('section');
  panel.innerHTML = html;
  return panelText(panel);
}

it('a table has its rows, with tabs between the cells', () => {
  const table = `<div class="tools"><button>Next</button></div><table><thead><tr><th>ID</th>
    <th>DN</th></tr></thead><tbody><tr><th>1</th><td><span>20</span>01</td></tr></tbody></table>`;
  expect(textOf(table)).toBe('ID\tDN\n1\t2001');
});

it('a cell that is empty while it is out of sight says what stands there', () => {
  const row = `<table><tr><td>7</td><td aria-label="2 inbound"></td><td></td></tr></table>`;
  expect(textOf(row)).toBe('7\t2 inbound\t');
});

it('what is drawn has the words that a screen reader has', () => {
  const drawn = `<h3>TS_East</h3><div><button aria-label="connected from 09:00"><i>x</i></button>
    <button aria-label="gap at 09:05"></button></div><svg aria-hidden="true"><text>no</text></svg>
    <p>two <b>words</b></p><select><option>not this</option></select>`;
  expect(textOf(drawn)).toBe('TS_East\nconnected from 09:00\ngap at 09:05\ntwo words');
});

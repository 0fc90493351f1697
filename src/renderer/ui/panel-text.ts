const BLOCKS = new Set(
  (
    'P DIV SECTION ARTICLE LI UL OL DL DD TR H1 H2 H3 H4 PRE DETAILS SUMMARY TABLE CAPTION ' +
    'BUTTON HEADER FOOTER NAV FORM'
  ).split(' '),
);
const ROWS = 'tr, [role="row"]';
const CELLS = 'th, td, [role="cell"], [role="columnheader"], [role="rowheader"]';
const LEFT_OUT = '[aria-hidden="true"], .tools, input, select, textarea, script, style';

/**
 * What a panel says, in its own order: rows with tabs between their cells, and of what is drawn the
 * words that a screen reader has.
 */
export function panelText(panel: Element): string {
  const lines: string[] = [];
  let line = '';
  const end = () => {
    const text = line.replace(/\s+/g, ' ').trim();
    if (text !== '') lines.push(text);
    line = '';
  };
  const walk = (node: Node): void => {
    if (node.nodeType === Node.TEXT_NODE) line += node.textContent;
    if (!(node instanceof Element) || node.matches(LEFT_OUT)) return;
    const drawn = wordsOf(node);
    const isBlock = drawn !== null || BLOCKS.has(node.tagName);
    if (isBlock) end();
    if (drawn !== null) line = drawn;
    else if (node !== panel && node.matches(ROWS)) {
      const cells = [...node.querySelectorAll(CELLS)];
      lines.push(cells.map((cell) => panelText(cell).replaceAll('\n', ' ')).join('\t'));
    } else for (const child of node.childNodes) walk(child);
    if (isBlock) end();
  };
  walk(panel);
  end();
  return lines.join('\n');
}

/** Null for what has no words of its own, or is a container. */
function wordsOf(node: Element): string | null {
  return node.matches('button, [role="button"], [role="img"], td')
    ? node.getAttribute('aria-label')
    : null;
}

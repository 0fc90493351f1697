/** Offset, bytes, and what of them can be read. `digits`: two for each byte. */
export function hexLines(digits: string, bytesPerLine: number): string[] {
  const lines: string[] = [];
  const width = 3 * bytesPerLine - 1;
  for (let at = 0; at < digits.length; at += 2 * bytesPerLine) {
    const part = digits.slice(at, at + 2 * bytesPerLine).match(/../g) ?? [];
    const text = part.map((byte) => readable(Number.parseInt(byte, 16))).join('');
    const offset = (at / 2).toString(16).padStart(6, '0');
    lines.push(`${offset}  ${part.join(' ').padEnd(width)}  ${text}`);
  }
  return lines;
}

function readable(byte: number): string {
  return byte >= 32 && byte < 127 ? String.fromCharCode(byte) : '.';
}

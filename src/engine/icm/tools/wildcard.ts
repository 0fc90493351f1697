/**
 * `rtr_*.ems` and `route*`: a star is any run, a question mark one character, no difference between
 * cases. Linear in both texts for any number of stars.
 */
export function wildcard(pattern: string): (name: string) => boolean {
  const wanted = pattern.toLowerCase();
  return (name) => matches(wanted, name.toLowerCase());
}

function matches(pattern: string, name: string): boolean {
  let at = 0;
  let star = -1;
  let resumeAt = 0;
  let place = 0;
  while (place < name.length) {
    if (pattern[at] === '*') {
      star = at++;
      resumeAt = place;
    } else if (pattern[at] === '?' || pattern[at] === name[place]) {
      at++;
      place++;
    } else if (star >= 0) {
      // The last star takes one character more.
      at = star + 1;
      place = ++resumeAt;
    } else return false;
  }
  while (pattern[at] === '*') at++;
  return at === pattern.length;
}

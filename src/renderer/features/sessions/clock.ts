import { useLab } from '../../stores/lab.ts';

/** UTC seconds of a row as the clock of the lab; a dash for none. */
export function useClock(): (utcSeconds: number | null) => string {
  const lab = useLab();
  return (utcSeconds) => {
    if (utcSeconds === null) return '–';
    return lab.clock((utcSeconds - (lab.description?.epochSeconds ?? 0)) * 1e6).slice(0, 8);
  };
}

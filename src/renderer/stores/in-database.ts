import { useLab } from './lab.ts';
import { useScreen } from './screen.ts';

/** The parameter that says which IDB a view looks at: none for the first, or one of another lab. */
export function useInDatabase(): () => { readonly database?: string } {
  const lab = useLab();
  const screen = useScreen();
  return () => {
    const { database } = screen;
    const isThere = lab.description?.icons.some((icon) => icon.database === database);
    return isThere && database !== null ? { database } : {};
  };
}

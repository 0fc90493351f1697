export function resolve(specifier, context, next) {
  if (specifier !== 'electron') return next(specifier, context);
  return { url: new URL('./electron-double.mjs', import.meta.url).href, shortCircuit: true };
}

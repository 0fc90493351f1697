export async function startCommand(_a: readonly string[]): Promise<number> { return 0; }

export async function benchCommand(_a: readonly string[]): Promise<number> { return 0; }

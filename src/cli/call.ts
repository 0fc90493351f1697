import type { MethodName, MethodResults, Parameters } from '../contract/rpc.ts';
import type { LabClient } from '../runtime/worker/lab-client.ts';

/** One method of a lab's worker; what it refuses is an error with sentence and remedy. */
export async function call<M extends MethodName>(
  client: LabClient,
  method: M,
  parameters: Parameters<M>,
): Promise<MethodResults[M]> {
  const reply = await client.call(method, parameters);
  if (reply.ok) return reply.value as MethodResults[M];
  throw new Error(`${reply.error.message} ${reply.error.remedy}`);
}

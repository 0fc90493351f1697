import { createPinia, setActivePinia } from 'pinia';
import { expect, it, vi } from 'vitest';
import { useCommands } from '../../src/renderer/app/commands/index.ts';
import { useLab } from '../../src/renderer/stores/lab.ts';
import { offerLab } from './offer-lab.ts';

it('a status that says the same makes no command anew; a fault does', async () => {
  offerLab({ 'topology.read': { hosts: [], links: [], networks: [] }, 'desk.read': null });
  setActivePinia(createPinia());
  const lab = useLab();
  const commands = useCommands();
  await vi.waitFor(() => expect(lab.status).toBeDefined());
  const liftAll = () => commands.value.find(({ id }) => id === 'lift-faults');
  const cut = { kind: 'cut', where: 'private cca > ccb', text: 'cut' };
  lab.status = { ...lab.status!, speed: 1, faults: [cut] } as typeof lab.status;
  const before = commands.value;
  expect(liftAll()?.isDisabled).toBe(false);
  lab.status = { ...lab.status!, nowUs: 1, faults: [{ ...cut }] } as typeof lab.status;
  expect(commands.value).toBe(before);
  lab.status = { ...lab.status!, faults: [] };
  expect(liftAll()?.isDisabled).toBe(true);
  expect(commands.value).not.toBe(before);
});

import { integer, reference, text } from '../fields.ts';
import type { ObjectType, ObjectTypeName } from '../object-types.ts';

const NAME = text('name', 'Name', { required: true, unique: true });

/** What only the CallRouter knows: IDB keeps nothing of it. */
export const ROUTER_TYPES = {
  peripheral: {
    label: 'Peripheral',
    plural: 'Peripherals',
    isForRouter: true,
    nameField: 'name',
    fields: [
      NAME,
      reference('switch', 'Switch', 'switch', { required: true }),
      reference('peripheralGateway', 'Peripheral Gateway', 'peripheralGateway', { required: true }),
    ],
  },
  callType: {
    label: 'Call type',
    plural: 'Call types',
    isForRouter: true,
    nameField: 'name',
    fields: [NAME, reference('script', 'Script', 'script', { required: true })],
  },
  service: {
    label: 'Service',
    plural: 'Services',
    isForRouter: true,
    nameField: 'name',
    fields: [NAME, reference('peripheral', 'Peripheral', 'peripheral', { required: true })],
  },
  route: {
    label: 'Route',
    plural: 'Routes',
    isForRouter: true,
    nameField: 'name',
    fields: [
      NAME,
      reference('service', 'Service', 'service', { required: true }),
      reference('agentGroup', 'Agent group', 'agentGroup'),
    ],
  },
  peripheralGateway: {
    label: 'Peripheral Gateway',
    plural: 'Peripheral Gateways',
    isForRouter: true,
    nameField: 'name',
    fields: [NAME],
  },
  trunkGroup: {
    label: 'Trunk group',
    plural: 'Trunk groups',
    isForRouter: true,
    nameField: 'name',
    fields: [
      NAME,
      reference('peripheral', 'Peripheral', 'peripheral', { required: true }),
      integer('trunks', 'Trunks', { min: 1, max: 10_000 }),
    ],
  },
  translationRoute: {
    label: 'Translation route',
    plural: 'Translation routes',
    isForRouter: true,
    nameField: 'name',
    fields: [
      NAME,
      reference('peripheral', 'Peripheral', 'peripheral', { required: true }),
      reference('dn', 'DN', 'dn', {
        required: true,
        help: 'Routing point at which a call arrives that was sent here from another peripheral.',
      }),
    ],
  },
} satisfies Partial<Record<ObjectTypeName, ObjectType>>;

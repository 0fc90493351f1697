import { DIAL_MODE, OPTIMIZATION } from '../telephony/outbound/outbound-messages.ts';
import { CALL_STATE } from '../telephony/t-library.ts';
import type { ObjectBuilder } from './build-objects.ts';
import type { CampaignDefinition, OutboundDefinition } from './definition.ts';

const VARCHAR = 4;
const FIELD_LENGTH = 255;
/** CfgTableType of a calling list (recalled). */
const CALLING_LIST_TABLE = 1;
/** Option `icon_attribute` of a Field: which table ICON keeps it in (recalled). */
export const ICON_ATTRIBUTE = { no: '0', plain: '1', secure: '2' } as const;
/** Results after which a number is called again, as Treatment objects. */
const RETRIED = ['busy', 'noAnswer', 'answeringMachine'] as const;

/** Campaigns with their calling lists, formats, fields and treatments. */
export function addOutbound(
  builder: ObjectBuilder,
  { campaigns }: OutboundDefinition,
  tenant: number,
): void {
  for (const campaign of campaigns) {
    addList(builder, campaign, tenant);
    const { dialMode, optimization } = campaignNumbers(campaign);
    builder.add('campaign', campaign.name, {
      name: campaign.name,
      tenant,
      lists: [{ list: builder.dbid('callingList', campaign.list.name), share: 10, isActive: true }],
      groups: [
        {
          group: builder.dbid('agentGroup', campaign.group),
          dialMode,
          operation: 1,
          method: optimization,
          goal: campaign.optimization.goal,
          origin: builder.dbid('dn', campaign.queue),
          channels: 0,
        },
      ],
    });
  }
}

export function campaignNumbers({ mode, optimization }: CampaignDefinition) {
  return { dialMode: DIAL_MODE[mode], optimization: OPTIMIZATION[optimization.method] };
}

function addList(builder: ObjectBuilder, campaign: CampaignDefinition, tenant: number): void {
  const { list, attempts } = campaign;
  for (const { name, kept } of list.fields) {
    const fields = { name, tenant, dataType: VARCHAR, length: FIELD_LENGTH, isNullable: true };
    const annex = { default: { send_attribute: name, icon_attribute: ICON_ATTRIBUTE[kept] } };
    builder.add('field', name, fields, undefined, annex);
  }
  builder.add('format', list.name, {
    name: `${list.name} format`,
    tenant,
    fields: list.fields.map(({ name }) => builder.dbid('field', name)),
  });
  builder.add('tableAccess', list.name, {
    name: `${list.name} table`,
    tenant,
    tableType: CALLING_LIST_TABLE,
    format: builder.dbid('format', list.name),
    tableName: list.name,
  });
  for (const result of RETRIED) {
    builder.add('treatment', `${campaign.name} ${result}`, {
      name: `${campaign.name} ${result}`,
      tenant,
      callResult: CALL_STATE[result],
      attempts,
    });
  }
  builder.add('callingList', list.name, {
    name: list.name,
    tenant,
    tableAccess: builder.dbid('tableAccess', list.name),
    maxAttempts: attempts,
    treatments: RETRIED.map((result) => builder.dbid('treatment', `${campaign.name} ${result}`)),
  });
}

import { z } from 'zod';

/** What the window tells the desktop of its commands, for the native menu. */
export const menuCommands = z
  .array(
    z.strictObject({
      id: z.string().max(120),
      title: z.string().max(200),
      menu: z.string().max(20),
      group: z.string().max(40).optional(),
      keys: z.string().max(40).optional(),
      isDisabled: z.boolean().optional(),
      isChecked: z.boolean().optional(),
    }),
  )
  .max(500);

export type MenuCommand = z.output<typeof menuCommands>[number];

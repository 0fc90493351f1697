/** What stands in the folder of a lab, beside its checkpoints. */
export const DEFINITION_FILE = 'lab.yaml';
export const LOG_FILE = 'commands.log';

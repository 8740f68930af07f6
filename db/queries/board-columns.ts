import { COUNT_COLUMNS } from '../../pipeline/domain/contribution-kinds.ts';

/** What both boards keep of a contributor beside rank, score and parts. */
export const TALLY_COLUMNS = [
  ...COUNT_COLUMNS,
  'lines_added',
  'lines_deleted',
  'first_contribution_at',
  'last_contribution_at',
] as const;

import type { BatchMember } from '../../temporal/contract';

/** What a history keeps of a name: fifty of them, of any script, stay below 32 KB. */
const TOLD_CHARACTERS = 100;

/** A member as Temporal is told of it. */
export const shortened = (member: BatchMember): BatchMember => ({
  ...member,
  flow: member.flow.slice(0, TOLD_CHARACTERS),
});

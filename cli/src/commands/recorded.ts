import type { AliasPointer } from '../../../src/contract/alias';
import { visibleText } from '../../../src/contract/visible-text';

/** A line with when and by whom a move of an alias was recorded, and why. */
export function recorded(
  { updatedAt, updatedBy, reason }: Pick<AliasPointer, 'updatedAt' | 'updatedBy' | 'reason'>,
): string {
  const why = reason === undefined ? ', without a reason' : `: ${reason}`;
  return `${visibleText(`recorded at ${updatedAt} by ${updatedBy}${why}`)}\n`;
}

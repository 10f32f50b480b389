import * as fs from 'node:fs';
import { askEvidence } from '../test/support/audit/ask-evidence';
import { AUDIT_DOCUMENT, proofSection, sectionsOfCode, withSections } from '../test/support/audit/audit-document';
import { plantedMonth } from '../test/support/audit/planted-month';
import { SCENARIOS } from '../test/support/audit/scenarios';

/** Writes those parts of docs/audit.md that follow from the code: `npx tsx scripts/audit-document.ts` */
async function main(): Promise<void> {
  const sections = { ...sectionsOfCode(), ...proofSection(SCENARIOS, await askEvidence(plantedMonth())) };
  fs.writeFileSync(AUDIT_DOCUMENT, withSections(fs.readFileSync(AUDIT_DOCUMENT, 'utf8'), sections));
}

void main();

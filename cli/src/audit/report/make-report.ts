import type { ReportInput } from './finding';
import { requirePlaceForReport, writePage, type WrittenPage } from './page-file';
import { makeReport, type Report } from './report';
import { visibleText } from '../../../../src/contract/visible-text';
import type { Environment } from '../../runtime/environment';
import { formatBytes } from '../../runtime/format';
import { versionText } from '../../runtime/version';
import { prepareExport, writeReportExport, type WrittenExport } from '../export/report-export';

/** Where a report is written, in addition to the terminal. */
export interface Destinations {
  readonly html?: string;
  /** A folder. */
  readonly export?: string;
  /** The ARN of the KMS key that signs the export. */
  readonly signWith?: string;
}

export interface MadeReport {
  readonly report: Report;
  readonly html?: WrittenPage;
  readonly export?: WrittenExport;
}

interface ReportContext {
  readonly environment: Environment;
  readonly quiet: boolean;
}

/** Checks everything that does not depend on the logs. Returns what makes the report once they are read. */
export async function prepareReport(
  { environment, quiet }: ReportContext, to: Destinations,
): Promise<(input: Omit<ReportInput, 'madeAt' | 'version'>) => Promise<MadeReport>> {
  if (to.html !== undefined) {
    await requirePlaceForReport(to.html);
  }
  const prepared = to.export === undefined ? undefined : await prepareExport(environment, to.export, to.signWith);
  const say = (line: string) => (quiet ? undefined : environment.stderr.write(`${visibleText(line)}\n`));
  return async (input) => {
    const report = makeReport({ ...input, madeAt: environment.now(), version: versionText() });
    if (to.html === undefined && prepared === undefined) {
      return { report };
    }
    // Loaded only here, because the charts are not needed without a page.
    // eslint-disable-next-line @typescript-eslint/no-require-imports
    const { reportPage } = require('./page') as typeof import('./page');
    const page = reportPage(report);
    const html = to.html === undefined ? undefined : await writePage(to.html, page, environment);
    if (html) {
      say(`wrote ${html.file} (${formatBytes(html.bytes)}, mode 600, sha256 ${html.sha256})`);
    }
    const exported = prepared && await writeReportExport(environment, prepared, report, page);
    if (exported) {
      say(`wrote ${exported.files} files to ${exported.folder} (mode 600, sha256 of SHA256SUMS ${exported.sha256}${
        exported.signedWith === undefined ? '' : `, signed with ${exported.signedWith}`})`);
    }
    return { report, ...(html && { html }), ...(exported && { export: exported }) };
  };
}

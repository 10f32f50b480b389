import { requirePlaceForReport, writePage, type WrittenPage } from './page-file';
import { makeReport, type Report, type ReportInput } from './report';
import type { Environment } from '../../runtime/environment';
import { formatBytes, printable } from '../../runtime/format';
import { versionText } from '../../runtime/version';
import type { Question } from '../queries/queries';

/** In the place of a question: all of them. */
export const REPORT = 'report';

export const REPORT_QUESTION: Omit<Question, 'sql'> = { name: REPORT, asks: 'All of these: what was found, what is unknown, and everything in one page with --html' };

export async function prepareReport(html: string | undefined): Promise<void> {
  if (html !== undefined) {
    await requirePlaceForReport(html);
  }
}

export interface MadeReport {
  readonly report: Report;
  readonly html?: WrittenPage;
}

/** Judges the answers, and writes the page if one is asked for. */
export async function report(
  { environment, quiet }: { readonly environment: Environment; readonly quiet: boolean }, html: string | undefined, input: Omit<ReportInput, 'madeAt' | 'version'>,
): Promise<MadeReport> {
  const made = makeReport({ ...input, madeAt: environment.now(), version: versionText() });
  if (html === undefined) {
    return { report: made };
  }
  // Not before: whoever writes no page need not wait for what draws charts.
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const { reportPage } = require('./html-report') as typeof import('./html-report');
  const written = await writePage(html, reportPage(made), environment);
  if (!quiet) {
    environment.stderr.write(printable(`wrote ${written.file}: ${formatBytes(written.bytes)}, sha256 ${written.sha256}, to be read by you alone\n`));
  }
  return { report: made, html: written };
}

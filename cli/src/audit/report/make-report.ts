import type { ReportInput } from './finding';
import { requirePlaceForReport, writePage, type WrittenPage } from './page-file';
import { makeReport, type Report } from './report';
import { visibleText } from '../../../../src/contract/visible-text';
import type { Environment } from '../../runtime/environment';
import { formatBytes } from '../../runtime/format';
import { versionText } from '../../runtime/version';

export async function prepareReport(html: string | undefined): Promise<void> {
  if (html !== undefined) {
    await requirePlaceForReport(html);
  }
}

export interface MadeReport {
  readonly report: Report;
  readonly html?: WrittenPage;
}

/** Evaluates the results, and writes the HTML page if requested. */
export async function report(
  { environment, quiet }: { readonly environment: Environment; readonly quiet: boolean }, html: string | undefined,
  input: Omit<ReportInput, 'madeAt' | 'version'>,
): Promise<MadeReport> {
  const made = makeReport({ ...input, madeAt: environment.now(), version: versionText() });
  if (html === undefined) {
    return { report: made };
  }
  // Loaded only here, because the chart library is slow to load and not needed without a page.
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const { reportPage } = require('./page') as typeof import('./page');
  const written = await writePage(html, reportPage(made), environment);
  if (!quiet) {
    const { file, bytes, sha256 } = written;
    environment.stderr.write(`wrote ${visibleText(file)} (${formatBytes(bytes)}, mode 600, sha256 ${sha256})\n`);
  }
  return { report: made, html: written };
}

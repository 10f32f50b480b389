import type { Finding } from './finding';
import { PROJECT_ROOT } from '../../test/local/rig/paths';
import { tryCommand } from '../../test/local/rig/run-command';

const SEVERITIES = ['high', 'critical'];

interface Audit {
  readonly error?: { readonly code?: string; readonly summary?: string; readonly detail?: string };
  readonly message?: string;
  readonly vulnerabilities?: {
    readonly [name: string]: {
      readonly severity: string; readonly range: string;
      readonly via: readonly (string | { readonly title: string; readonly url: string })[];
    };
  };
  readonly metadata?: { readonly dependencies: { readonly total: number } };
}

/**
 * Asks the npm registry for advisories about the packages in the lock file. Not every registry answers; then nothing
 * was checked, and the result says so.
 */
export async function advisories(): Promise<
  { readonly notChecked: string } | { readonly findings: Finding[]; readonly packages: number }
> {
  const { stdout, stderr } = await tryCommand('npm', ['audit', '--json', '--package-lock-only'], { cwd: PROJECT_ROOT });
  const audit = parsed(stdout);
  if (audit?.vulnerabilities === undefined || audit.metadata === undefined) {
    const why = audit?.message ?? audit?.error?.summary ?? stderr.trim().split('\n').at(-1) ?? 'no answer';
    const [reason] = why.split(' - ');
    return { notChecked: `the npm registry does not answer audits (${reason}); the workflow "build" runs npm audit` };
  }
  const findings = Object.entries(audit.vulnerabilities).filter(([, { severity }]) => SEVERITIES.includes(severity))
    .map(([name, { severity, range, via }]) => ({
      scanner: 'advisories', rule: severity, where: 'package-lock.json', subject: `${name}@${range}`,
      message: via.map((cause) => (typeof cause === 'string' ? `via ${cause}` : `${cause.title} (${cause.url})`))
        .join('; '),
    }));
  return { findings, packages: audit.metadata.dependencies.total };
}

function parsed(text: string): Audit | undefined {
  try {
    return JSON.parse(text) as Audit;
  } catch {
    return undefined;
  }
}

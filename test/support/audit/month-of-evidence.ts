import { accessLogLine, type LoggedLine } from './access-log-line';
import type { TimedRecord } from './management-record';
import { OrdinaryMonth, type Principal } from './ordinary-month';
import { Random } from './random';
import { dataEvent, type ObjectRequest, type Session, STORE } from './trail-record';
import { blobKey } from '../../../src/contract/keys';

const DAY = 24 * 3_600_000;

/** The month that is asked about, and the four weeks before, which say what is usual. */
export const ASKED = { from: '2026-11-01', to: '2026-11-30' } as const;
const FROM = Date.UTC(2026, 9, 4);
const DAYS = 58;

const role = (name: string) => `arn:aws:iam::${STORE.account}:role/${name}`;

export const ROLES = {
  functions: ['models-UploadFunctionRole', 'models-DownloadFunctionRole', 'models-RegistryFunctionRole'],
  callers: ['models-DataScientistRole', 'models-PipelineRole', 'models-AuditorRole'],
  deployment: 'cdk-hnb659fds-cfn-exec-role',
} as const;
export const LOG_BUCKETS = { trail: 'models-trail-logs', access: 'models-access-logs' } as const;
export const WATCHED = {
  trail: 'models-trail', logGroup: '/aws/cloudtrail/models', key: '0a1b2c3d-1111-4222-8333-444455556666', role: 'models-DownloadSessionRole',
  function: 'models-download', uploadFunction: 'models-upload', registryFunction: 'models-registry', database: 'models_audit',
} as const;
export const WATCHED_PREFIX = 'Models-';
export const CANARY_MODEL = 'payments-fraud-v2';

/** What the store tells an auditor's tools of itself; every threshold is the default. */
export const SETTINGS_FILE = {
  artifact_bucket: STORE.bucket,
  log_buckets: Object.values(LOG_BUCKETS),
  session_role_arns: ['models-UploadSessionRole', 'models-DownloadSessionRole', 'models-RegistrySessionRole'].map(role),
  auditor_role_arns: [role('models-AuditorRole')],
  function_role_arns: ROLES.functions.map(role),
  caller_role_arns: ROLES.callers.map(role),
  direct_role_arns: ['SageMakerTraining0', 'SageMakerTraining1'].map(role),
  deployment_role_arns: [role(ROLES.deployment)],
  watched_resources: Object.values(WATCHED),
  watched_prefix: WATCHED_PREFIX,
  canary_models: [CANARY_MODEL],
  perimeter_vpc_endpoints: [STORE.vpcEndpoint],
  // The office, and the addresses that the VPN gives to people at home.
  perimeter_networks: ['10.20.0.0/16', '10.50.0.0/24', '84.128.0.0/10'],
};

/** Evidence as it lies in the archive: what the trail recorded, and what S3 logged. */
export class MonthOfEvidence {
  readonly random: Random;
  readonly work: OrdinaryMonth;
  readonly trail: TimedRecord[] = [];
  readonly accessLog: LoggedLine[] = [];
  /** Every request that the trail recorded. */
  readonly requests: ObjectRequest[] = [];
  /** Of the files of ordinary models, which S3 logs. */
  private readonly sizes: ReadonlyMap<string, number>;
  /** The ordinary requests, to know what is usual for whom. */
  readonly ordinary: readonly ObjectRequest[];

  constructor(readonly seed: number, events: number) {
    this.random = new Random(seed + 1_000);
    this.work = new OrdinaryMonth({ seed, events, from: FROM, days: DAYS });
    this.sizes = new Map(this.work.models.flatMap(({ name, files }) => files.map(({ digest, size }) => [blobKey(name, digest), size] as const)));
    this.ordinary = [...this.work.slots()].flatMap(({ requests }) => requests);
    this.ordinary.forEach((request) => this.add(request));
  }

  /** Both witnesses saw it, unless one is named. */
  add(request: ObjectRequest & { readonly objectSize?: number }, seenBy: 'both' | 'trail' | 'access logs' = 'both'): void {
    if (seenBy !== 'access logs') {
      this.requests.push(request);
      this.trail.push({ time: request.time, record: dataEvent(request, STORE, this.random) });
    }
    const bucket = request.bucket ?? STORE.bucket;
    if (seenBy !== 'trail' && (bucket === STORE.bucket || request.action.endsWith('Copy') || request.action === 'CopyObject')) {
      this.accessLog.push(accessLogLine({ objectSize: this.sizes.get(request.key ?? ''), ...request }, STORE));
    }
  }

  ids(): { readonly requestId: string; readonly eventId: string } {
    return { requestId: this.random.id(16), eventId: this.random.uuid() };
  }

  /** Milliseconds since 1970 of a time in November 2026. */
  at(day: number, hour: number, minute = 0): number {
    return Date.UTC(2026, 10, day, hour, minute);
  }

  person(name: string): Principal {
    return this.work.principals.find((principal) => principal.name === name)!;
  }

  session(roleName: string, sessionName: string, createdAt: number, sourceIdentity?: string): Session {
    return {
      roleName, sessionName, createdAt, sourceIdentity, account: STORE.account,
      roleId: `AROA${Buffer.from(roleName).toString('hex').toUpperCase().slice(0, 17)}`, accessKeyId: `ASIA${this.random.id(16)}`,
    };
  }

  /** What somebody usually takes on a day with reads: the median, in bytes. */
  usualDay(name: string): number {
    const days = new Map<number, number>();
    for (const { session, action, bytesOut, time } of this.ordinary) {
      if (session.sessionName === name && action === 'GetObject') {
        const day = Math.floor(time / DAY);
        days.set(day, (days.get(day) ?? 0) + bytesOut);
      }
    }
    const sorted = [...days.values()].sort((a, b) => a - b);
    return sorted[Math.floor(sorted.length / 2)] ?? 0;
  }
}

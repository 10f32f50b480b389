import { blobKey } from '../../../../src/contract/keys';
import type { Row } from '../ask-evidence';
import { type ManagementCall, managementRecord } from '../management-record';
import type { MonthOfEvidence } from '../month-of-evidence';
import type { Model } from '../ordinary-month';
import { type ObjectRequest, STORE } from '../trail-record';

export const MIB = 1024 * 1024;
export const GIB = 1024 * MIB;
export const MINUTE = 60_000;

/** One way to take models out, or to hide it, planted into an ordinary month. */
export interface Scenario {
  readonly name: string;
  /** The question that has to find it. */
  readonly question: string;
  /** Whom a row of the answer has to name. */
  readonly principal: string;
  /** Which model, where the answer says one. */
  readonly model?: string;
  /** What of the other answers is about it too, besides what names `principal`. */
  readonly alsoNamed?: readonly string[];
  readonly plant: (month: MonthOfEvidence) => void;
}

/** Whether a row is about a scenario: the principals that it names belong to it. */
export function isOf(scenario: Scenario, row: Row): boolean {
  return [scenario.principal, ...scenario.alsoNamed ?? []].some((name) => named(row).includes(name));
}

/** Whether a row names whom, and what, it has to. */
export function names({ principal, model }: Scenario, row: Row): boolean {
  return named(row).includes(principal) && (model === undefined || [row.model, row.one_model, modelOf(row)].includes(model));
}

function named({ principal, opened_by, first_opened_by }: Row): readonly Row[string][] {
  return [principal, opened_by, first_opened_by];
}

function modelOf({ object_key }: Row): string | undefined {
  return typeof object_key === 'string' ? object_key.split('/')[1] : undefined;
}

/** What nobody else reads: 60 GiB. */
export const CROWN_JEWEL: Model = { name: 'crown-jewel', version: '7.0.0', files: [{ digest: 'c'.repeat(64), size: 60 * GIB }] };

export const AGENT = { browser: 'Mozilla/5.0 (X11; Linux x86_64)', cli: 'aws-cli/2.31.0 Python/3.13.4', python: 'Boto3/1.40.1' } as const;
export const OUTSIDE = { hotel: '45.83.64.9', tor: '185.220.101.4', cloud: '34.90.12.7' } as const;

/** Reads S3 with a role's own session, signed by headers. */
export function directRead(
  month: MonthOfEvidence, roleName: string, sessionName: string, time: number, more: Partial<ObjectRequest> = {},
): ObjectRequest {
  const session = more.session ?? month.session(roleName, sessionName, time - MINUTE);
  const request: ObjectRequest = {
    ...month.ids(), time, action: 'GetObject', sourceIp: '10.20.1.77', userAgent: AGENT.cli, key: blobKey(month.work.models[0].name, month.work.models[0].files[0].digest),
    bytesOut: month.work.models[0].files[0].size, ...more, session,
  };
  month.add(request);
  return request;
}

type Call = Pick<ManagementCall, 'service' | 'action' | 'parameters'> & Partial<ManagementCall>;

/** An administrator's call of a service, such as CloudTrail's. */
export function call(month: MonthOfEvidence, admin: string, time: number, made: Call): void {
  const [roleName, name] = admin.split('=');
  month.trail.push(managementRecord({ session: month.session(roleName, name, time - MINUTE), ...made, time }, month.random));
}

export const roleArn = (name: string): string => `arn:aws:iam::${STORE.account}:role/${name}`;
export const sessionArn = (roleName: string, name: string): string => `arn:aws:sts::${STORE.account}:assumed-role/${roleName}/${name}`;

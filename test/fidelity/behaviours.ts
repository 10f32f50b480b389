import { ANALYTICS } from './behaviours/analytics';
import { API } from './behaviours/api';
import { CLIENT } from './behaviours/client';
import { DEPLOYMENT } from './behaviours/deployment';
import { EVIDENCE } from './behaviours/evidence';
import { IDENTITY } from './behaviours/identity';
import { MONITORING } from './behaviours/monitoring';
import { STORAGE } from './behaviours/storage';

/** A behavior of AWS, or of a user's program, that the store relies on. */
export interface Behaviour {
  /** Dotted, in lower case: `service.what`. Tests name it in `proves()`. */
  readonly id: string;
  /** One plain sentence. */
  readonly statement: string;
  /** The file that relies on it. */
  readonly reliedOn: string;
  /** The vendor's own page that says so, and the day on which a stored copy of it was read. */
  readonly page?: { readonly url: string; readonly read: string };
  /** The assertions of `npm run integ` that show it on AWS. */
  readonly integ?: readonly IntegAssertion[];
}

/** What `npm run integ` asserts; test/integ/store-integration.ts names its assertions by these. */
export type IntegAssertion = 'data-scientist' | 'pipeline' | 'auditor' | 'trail-record' | 'audit-answer';

export interface Area {
  readonly title: string;
  readonly behaviours: readonly Behaviour[];
}

export const AREAS: readonly Area[] = [
  { title: 'Objects: S3', behaviours: STORAGE },
  { title: 'Sessions and permissions: STS, IAM and KMS', behaviours: IDENTITY },
  { title: 'The API: API Gateway, Lambda and Cognito', behaviours: API },
  { title: 'Evidence: CloudTrail and access logs', behaviours: EVIDENCE },
  { title: 'Named queries: Athena and Glue', behaviours: ANALYTICS },
  { title: 'Alarms: CloudWatch, EventBridge and SNS', behaviours: MONITORING },
  { title: 'Deployment: CloudFormation and SSM', behaviours: DEPLOYMENT },
  { title: 'What users bring: proxies, profiles and other clients', behaviours: CLIENT },
];

export const BEHAVIOURS: readonly Behaviour[] = AREAS.flatMap(({ behaviours }) => behaviours);

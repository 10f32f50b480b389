/** The arithmetic of docs/cost.md: what it says is held to this, and the prices and amounts to what stands there. */

/** The files of one version: all, those of more than 16 MiB, and the parts that these have together. */
export interface Version {
  readonly files: number;
  readonly largeFiles: number;
  readonly parts: number;
}

export interface Usage extends Version {
  /** A month each. */
  readonly pushes: number;
  readonly pulls: number;
  readonly callsOfPush: number;
  readonly callsOfPull: number;
  readonly storedGigabytes: number;
  readonly storedFiles: number;
  readonly archiveGigabytes: number;
  readonly athenaGigabytes: number;
  readonly internetGigabytes: number;
}

/** In dollars, by the names of docs/cost.md. */
export type Prices = (name: string) => number;

const BYTES_OF_EVENT = 2_200;
const BYTES_OF_CALL_IN_LOGS = 3_000;
const GIGABYTES_OF_FUNCTION = 1_769 / 1_024;
const SECONDS_OF_CALL = 0.5;
/** S3 has 16 request metrics for each of two buckets; one more counts the bytes that were read. */
const METRICS_IN_USE = 33;

/** PUT, POST, LIST and the like of one push; the other requests of a push are GET and HEAD. */
const writesOfPush = ({ files, largeFiles, parts }: Version) => files - largeFiles + parts + 4 * largeFiles + 3;
const readsOfPush = ({ files, largeFiles }: Version) => 2 * files + largeFiles + 4;
const readsOfPull = ({ files }: Version) => files + 5;

/** Data events in S3. */
export const eventsOfPush = (version: Version) => writesOfPush(version) + readsOfPush(version);
export const eventsOfPull = readsOfPull;

export function callsOf(usage: Usage): number {
  return usage.pushes * usage.callsOfPush + usage.pulls * usage.callsOfPull;
}

export function eventsOf(usage: Usage): number {
  return usage.pushes * eventsOfPush(usage) + usage.pulls * eventsOfPull(usage) + callsOf(usage);
}

/** What a month of it costs, line by line. */
export function billOf(usage: Usage, price: Prices, idle: number): { readonly [line: string]: number } {
  const calls = callsOf(usage);
  const events = eventsOf(usage);
  const lines = {
    'the store, idle': idle,
    'storage of models': usage.storedGigabytes * price('S3 storage'),
    'Intelligent-Tiering watching files': usage.storedFiles * price('S3 Intelligent-Tiering'),
    'S3 requests': usage.pushes * (writesOfPush(usage) * price('S3 PUT, POST, LIST') + readsOfPush(usage) * price('S3 GET, HEAD'))
      + usage.pulls * readsOfPull(usage) * price('S3 GET, HEAD'),
    'data events': events * price('CloudTrail data event'),
    'log archive': usage.archiveGigabytes * price('S3 storage'),
    'logs in CloudWatch': ((events * BYTES_OF_EVENT + calls * BYTES_OF_CALL_IN_LOGS) / 1e9) * price('CloudWatch Logs, ingested'),
    'egress rules': usage.pulls * usage.files * price('Contributor Insights match'),
    'request metrics, at most': METRICS_IN_USE * price('CloudWatch custom metric'),
    'API calls': calls * price('API Gateway call'),
    functions: calls * (price('Lambda request') + SECONDS_OF_CALL * GIGABYTES_OF_FUNCTION * price('Lambda GB-second')),
    traces: calls * price('X-Ray trace'),
    signatures: usage.pushes * price('KMS signature'),
    Athena: (usage.athenaGigabytes / 1e3) * price('Athena, scanned'),
    'bytes to the Internet': usage.internetGigabytes * price('S3 to the Internet'),
  };
  return { ...lines, total: Object.values(lines).reduce((sum, line) => sum + line, 0) };
}

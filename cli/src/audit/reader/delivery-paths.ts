import { isDay } from './days';

/** A folder with the logs of one account, of an organization's trail as well. */
const OF_ACCOUNT = '(?:^|/)AWSLogs/(?:o-[a-z0-9]+/)?(\\d{12})/';
const DATE = '(\\d{4})/(\\d{2})/(\\d{2})';

/**
 * The name of a log file of CloudTrail: account, Region, time and a unique part.
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/get-and-view-cloudtrail-log-files.html
 */
export const TRAIL_FILE_NAME = '(\\d{12})_CloudTrail_([a-z0-9-]+)_(\\d{8}T\\d{4})Z_[A-Za-z0-9]+\\.json(?:\\.gz)?';

const TRAIL_FOLDER = new RegExp(`${OF_ACCOUNT}CloudTrail/[a-z0-9-]+/$`);
const TRAIL_FILE = new RegExp(`${OF_ACCOUNT}CloudTrail/([a-z0-9-]+)/${DATE}/${TRAIL_FILE_NAME}$`);

/**
 * S3 names an access log `<time>-<16 hexadecimal digits>`, or adds folders with the source bucket and the date.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/ServerLogs.html#server-access-logging-overview
 */
const ACCESS_LOG_NAME = '(\\d{4}-\\d{2}-\\d{2})-\\d{2}-\\d{2}-\\d{2}-[0-9A-F]{16}';
const OF_SOURCE_BUCKET = '(?:^|/)\\d{12}/[a-z]{2}(?:-[a-z]+)+-\\d+/[a-z0-9.-]+/';
const ACCESS_LOG_FOLDER = new RegExp(`${OF_SOURCE_BUCKET}$`);
const ACCESS_LOG = new RegExp(`(?:(${OF_SOURCE_BUCKET})${DATE}/|^|/)${ACCESS_LOG_NAME}$`);

/** CloudTrail also delivers files without records of requests. */
const WITHOUT_RECORDS = new RegExp(
  `${OF_ACCOUNT}CloudTrail-(Digest|Insight|Aggregated)/[a-z0-9-]+/${DATE}/\\1_CloudTrail-\\2_[^/]+\\.json(?:\\.gz)?$`,
);
const FOLDER_WITHOUT_RECORDS = new RegExp(`${OF_ACCOUNT}CloudTrail-(?:Digest|Insight|Aggregated)/$`);

/**
 * The day on which AWS delivered a log, or for some access logs the day of the requests. Only a path that AWS writes
 * has one. Other tools put other days into paths, such as the day of an export or of a query.
 */
export function deliveryDayOf(path: string): string | undefined {
  const trail = TRAIL_FILE.exec(path);
  if (trail) {
    const [, account, region, year, month, date, accountInName, regionInName, time] = trail;
    const agrees = account === accountInName && region === regionInName && time.startsWith(`${year}${month}${date}T`);
    return agrees ? checked(`${year}-${month}-${date}`) : undefined;
  }
  const accessLog = ACCESS_LOG.exec(path);
  if (!accessLog) {
    return undefined;
  }
  const [, folder, year, month, date, day] = accessLog;
  return folder === undefined || day === `${year}-${month}-${date}` ? checked(day) : undefined;
}

function checked(day: string): string | undefined {
  return isDay(day) ? day : undefined;
}

/** Whether AWS delivers logs into folders by year, month and day below this one, which ends with "/". */
export function isDailyFolder(folder: string): boolean {
  return TRAIL_FOLDER.test(folder) || ACCESS_LOG_FOLDER.test(folder);
}

export type WithoutRecords = 'digest or Insights' | 'aggregated';

/** Why a file that CloudTrail delivered has no records of requests, according to its path; undefined if it may have. */
export function withoutRecords(path: string): WithoutRecords | undefined {
  const kind = WITHOUT_RECORDS.exec(path)?.[2];
  return kind === undefined ? undefined : kind === 'Aggregated' ? 'aggregated' : 'digest or Insights';
}

/** Whether CloudTrail delivers only files without records of requests into this folder, which ends with "/". */
export function isFolderWithoutRecords(folder: string): boolean {
  return FOLDER_WITHOUT_RECORDS.test(folder);
}

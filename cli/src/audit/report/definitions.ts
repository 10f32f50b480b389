import { ACCESS_LOG_COLUMNS, EGRESS_EVENT_COLUMNS, TRAIL_EVENT_COLUMNS } from '../../../../src/contract/egress-events';

const OF_ANSWERS: { readonly [column: string]: string } = {
  bytes_out: 'How many bytes of models left, as the trail counts them; of a copy, the size of what was copied. What is unknown is not in the sum',
  reads: 'Requests that read a model or a part of it, and succeeded; one pull is many of them',
  reads_of_unknown_size: 'Those of the reads whose bytes nobody counted; they are not in the sum of bytes',
  reads_by_link: 'Those of the reads that used a presigned link of the store',
  requests: 'Requests, whatever came of them',
  uses: 'Requests that used the link',
  principals: 'How many principals',
  one_principal: 'One of the principals',
  models: 'How many models',
  objects: 'How many objects',
  files: 'How many files of a model, each counted once',
  addresses: 'How many addresses',
  one_address: 'One of the addresses',
  one_action: 'One of the operations',
  first_address: 'The address of the first read',
  first_read: 'Time of the first of the reads, in UTC',
  last_read: 'Time of the last of the reads, in UTC',
  first_request: 'Time of the first of the requests, in UTC',
  last_request: 'Time of the last of the requests, in UTC',
  first_event: 'Time of the first of the events, in UTC',
  last_event: 'Time of the last of the events, in UTC',
  first_use: 'Time of the first use, in UTC',
  last_use: 'Time of the last use, in UTC',
  first_denied: 'Time of the first denied request of the series, in UTC',
  last_denied: 'Time of the last denied request of the series, in UTC',
  denied: 'How many requests were denied, one after the other',
  outside_perimeter: 'Whether the address is outside of the perimeter; unknown if the settings name none',
  to_another_bucket: 'Whether the copy went to another bucket',
  what: 'What kind of request it was',
  version_id: 'The S3 version of the object, if the request named one',
  night_of: 'The night, by the day on which it began, or the day off, by the clock of the business',
  median_bytes: 'Bytes on an ordinary day of this principal: the median of its days with reads among the 28 before',
  earlier_days: 'How many days with reads the median is of',
  missing_in: 'Which of the two records lacks the request',
  step: 'What was done with the version',
  asked_from: 'The address that asked for the link; if the link does not say it, the address of its first use',
  link_says_so: 'Whether the link itself says who asked for it',
  used_from: 'The address that used the link',
  trail_records: 'Records of the trail',
  data_events: 'Those of the records that are about objects',
  management_events: 'Those of the records that are about settings',
  access_log_lines: 'Lines of the S3 access logs',
};

const OF_VIEWS: { readonly [column: string]: string } = Object.fromEntries(
  [...ACCESS_LOG_COLUMNS, ...TRAIL_EVENT_COLUMNS, ...EGRESS_EVENT_COLUMNS].map(({ name, description }) => [name, description]),
);

/** What a column of an answer means. */
export function definitionOf(column: string): string | undefined {
  return OF_ANSWERS[column] ?? OF_VIEWS[column];
}

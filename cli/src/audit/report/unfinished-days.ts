import type { Report } from './report';
import { type Days, dayAfter } from '../reader/days';

/**
 * When S3 has delivered most access logs of a day, in UTC of the next day. CloudTrail needs minutes.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/ServerLogs.html#LogDeliveryBestEffort
 */
const HOUR_OF_DELIVERY = 6;

const HOUR_MILLISECONDS = 3_600_000;

/** Days whose logs had, or may have, not all been delivered when the report was generated. */
export interface UnfinishedDays extends Days {
  /** Says which days, why, and what to do. */
  readonly sentence: string;
  /** When to run the report again, in ISO 8601. */
  readonly repeatAfter: string;
}

const dayOf = (time: number) => new Date(time).toISOString().slice(0, 10);

/** Undefined if all logs had time to arrive. */
export function unfinishedDays({ days, madeAt }: Pick<Report, 'days' | 'madeAt'>): UnfinishedDays | undefined {
  const { to } = days;
  const today = dayOf(madeAt);
  if (to < dayOf(madeAt - HOUR_OF_DELIVERY * HOUR_MILLISECONDS)) {
    return undefined;
  }
  const from = to < today ? to : [days.from, today].sort()[1];
  const [named, they] = from === to ? [`${to} is`, 'the day'] : [`${from} to ${to} are`, 'these days'];
  const why = to < today
    ? `${to} may be incomplete: its last logs may not have been delivered when this report was generated.`
    : `${named} incomplete: this report was generated before ${they} ended.`;
  const [next, hour] = [dayAfter(to), `${String(HOUR_OF_DELIVERY).padStart(2, '0')}:00`];
  return {
    from, to, sentence: `${why} Run the report again after ${next} ${hour} UTC.`, repeatAfter: `${next}T${hour}:00Z`,
  };
}

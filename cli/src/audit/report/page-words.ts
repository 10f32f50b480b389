import type { Report } from './report';

export function bucketOf({ settings }: Report): string | undefined {
  const bucket = settings.row.artifact_bucket;
  return typeof bucket === 'string' ? bucket : undefined;
}

/** To the second, in UTC. */
export function moment(time: number): string {
  return `${new Date(time).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

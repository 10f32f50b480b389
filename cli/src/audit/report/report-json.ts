import type { Report } from './report';
import { findingsAsJson } from './summary';
import { unfinishedDays } from './unfinished-days';
import { records } from '../queries/render';

/** The report as one JSON document, with the results of all queries. */
export function reportAsJson(report: Report): object {
  const { about, answers, days, queries, read } = report;
  const unfinished = unfinishedDays(report);
  return {
    ...days,
    ...(unfinished && { unfinished }),
    ...(about?.caseNumber !== undefined && { case: about.caseNumber }),
    ...(about?.preparedBy !== undefined && { preparedBy: about.preparedBy }),
    ...findingsAsJson(report),
    answers: Object.fromEntries(queries.map(({ name, title }) => {
      const found = answers.get(name)!;
      return [name, { title, columns: found.columns, rows: records(found) }];
    })),
    read,
  };
}

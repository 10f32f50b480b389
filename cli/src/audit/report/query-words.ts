import { requireQuery } from '../queries/queries';

/** A query as texts mention it: its title, and the name behind it. */
export function queryInWords(name: string): string {
  return `"${requireQuery(name).title}" (${name})`;
}

/** A text in which `{name}` stands for a query. */
export function withQueriesInWords(text: string): string {
  return text.replace(/\{([a-z-]+)\}/g, (_, name: string) => queryInWords(name));
}

import { answerSchemaProblems } from './answers';
import { request } from './events';
import { storeFile, textFile } from './files';
import type { StoreDouble } from './store-double';
import type { RouteName } from '../../../src/contract/routes';

export async function publish(store: StoreDouble, model: string, ...versions: string[]): Promise<void> {
  const file = textFile('file');
  storeFile(store, model, file);
  for (const version of versions) {
    expect((await request('publish', { parameters: { model, version }, body: { files: [file] } })).status).toBe(201);
  }
}

/** Returns the items of all pages and the number of pages. */
export async function pages(route: RouteName, field: string, parameters: { [name: string]: string }, pageSize: number) {
  const entries: unknown[] = [];
  let token: string | undefined;
  let count = 0;
  do {
    const query = { pageSize: String(pageSize), ...(token ? { pageToken: token } : {}) };
    const { status, body } = await request(route, { parameters, query });
    expect(status).toBe(200);
    expect(answerSchemaProblems(route, body)).toEqual([]);
    expect(body[field].length).toBeLessThanOrEqual(pageSize);
    entries.push(...body[field]);
    token = body.nextPageToken;
    count++;
  } while (token);
  return { entries, count };
}

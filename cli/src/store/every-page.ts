import { badAnswer } from './bad-answer';
import type { Page, StoreClient } from './store-client';
import type { AliasResponse, VersionSummary } from '../../../src/contract/wire';

/** Far above what a store can have: a server that never ends its list must not fill the memory. */
export interface PageLimits {
  readonly pages: number;
  readonly items: number;
  /** Characters of all pages together, as JSON. */
  readonly characters: number;
}

const LIMITS: PageLimits = { pages: 10_000, items: 1_000_000, characters: 256 * 1024 * 1024 };

/** Collects the items of all pages of a paginated route. */
export async function everyPage<Response extends { readonly nextPageToken?: string }, Item>(
  ask: (page: Page) => Promise<Response>, items: (response: Response) => readonly Item[], limits = LIMITS,
): Promise<Item[]> {
  const all: Item[] = [];
  let pageToken: string | undefined;
  let characters = 0;
  for (let pages = 1; ; pages++) {
    const response = await ask({ pageToken });
    // One by one, because the arguments of a call are limited in number.
    items(response).forEach((item) => all.push(item));
    if (response.nextPageToken === undefined) {
      return all;
    }
    if (response.nextPageToken === pageToken) {
      throw badAnswer('the same page follows itself in a list');
    }
    characters += JSON.stringify(response).length;
    if (pages >= limits.pages || all.length > limits.items || characters > limits.characters) {
      throw badAnswer(`a list does not end after ${pages.toLocaleString('en-US')} pages `
        + `and ${all.length.toLocaleString('en-US')} items`);
    }
    pageToken = response.nextPageToken;
  }
}

export async function everyModel(client: StoreClient): Promise<string[]> {
  return everyPage(async (page) => client.listModels(page), ({ models }) => models);
}

export async function everyVersion(client: StoreClient, model: string, pageSize?: number): Promise<VersionSummary[]> {
  return everyPage(
    async (page) => client.listVersions(model, { ...page, ...(pageSize !== undefined && { pageSize }) }),
    ({ versions }) => versions,
  );
}

export async function everyAlias(client: StoreClient, model: string): Promise<AliasResponse[]> {
  return everyPage(async (page) => client.listAliases(model, page), ({ aliases }) => aliases);
}

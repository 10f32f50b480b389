import { DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE } from '../../contract/limits';
import { PAGE_SIZE_PARAMETER, PAGE_TOKEN_PARAMETER } from '../../contract/routes';
import { StoreError } from '../common/errors';
import type { StoreRequest } from '../common/request';

export function pageSizeOf({ query }: StoreRequest): number {
  const text = query[PAGE_SIZE_PARAMETER];
  if (text === undefined) {
    return DEFAULT_PAGE_SIZE;
  }
  const size = /^[0-9]{1,9}$/.test(text) ? Number(text) : 0;
  if (size < 1 || size > MAX_PAGE_SIZE) {
    throw new StoreError('invalid_request', 'the page size is out of range', [
      {
        field: PAGE_SIZE_PARAMETER, message: `${JSON.stringify(text)} is not a whole number from 1 to ${MAX_PAGE_SIZE}`,
      },
    ]);
  }
  return size;
}

/** The scope of a page token: one endpoint with one set of path parameters. */
function scopeOf({ route, parameters }: StoreRequest): string {
  const named = Object.entries(parameters)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`);
  return [route, ...named].join('&');
}

/**
 * A page token only encodes where the next page begins. It needs no signature because the next request is authorized
 * like the first, but its content is untrusted input, which `isPosition` validates.
 */
export function pageTokenOf<Position extends object>(request: StoreRequest, position: Position): string {
  return Buffer.from(JSON.stringify({ scope: scopeOf(request), position })).toString('base64url');
}

export function positionOf<Position extends object>(
  request: StoreRequest,
  isPosition: (value: { readonly [Key in keyof Position]?: unknown }) => boolean,
): Position | undefined {
  const token = request.query[PAGE_TOKEN_PARAMETER];
  if (token === undefined || token === '') {
    return undefined;
  }
  try {
    const { scope, position } = JSON.parse(
      Buffer.from(token, 'base64url').toString('utf8'),
    ) as { scope?: unknown; position?: unknown };
    const isObject = typeof position === 'object' && position !== null;
    if (scope === scopeOf(request) && isObject && isPosition(position as Position)) {
      return position as Position;
    }
  } catch {
    // Falls through: not valid JSON, so not a page token of the store.
  }
  throw invalidPageToken();
}

/** Also thrown when S3 rejects the position of a well-formed token. */
export function invalidPageToken(): StoreError {
  return new StoreError('invalid_page_token', 'invalid page token', [
    {
      field: PAGE_TOKEN_PARAMETER, message: 'pass the nextPageToken of the previous page, unchanged, to the same path',
    },
  ]);
}

const MAX_KEY_BYTES = 1_024;

/** Whether S3 accepts the text as an object key, and so as the start of a listing. */
export function isKey(text: string): boolean {
  return Buffer.byteLength(text) <= MAX_KEY_BYTES && !/\p{Surrogate}/u.test(text);
}

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
      { field: PAGE_SIZE_PARAMETER, message: `${JSON.stringify(text)} is not a whole number from 1 to ${MAX_PAGE_SIZE}` },
    ]);
  }
  return size;
}

/** What a page token belongs to: one endpoint with one set of path parameters. */
function scopeOf({ route, parameters }: StoreRequest): string {
  const named = Object.entries(parameters).sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, value]) => `${name}=${value}`);
  return [route, ...named].join('&');
}

/**
 * A token only says where to go on; it grants nothing, since the next request is authorised like the first. So it needs
 * no signature, but what it holds is checked like any other input by `isPosition`.
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
    const { scope, position } = JSON.parse(Buffer.from(token, 'base64url').toString('utf8')) as { scope?: unknown; position?: unknown };
    if (scope === scopeOf(request) && typeof position === 'object' && position !== null && isPosition(position as Position)) {
      return position as Position;
    }
  } catch {
    // Falls through: whatever it is, no token of ours.
  }
  throw invalidPageToken();
}

/** Also for what S3 alone can tell: a position that looks good may still be none of its. */
export function invalidPageToken(): StoreError {
  return new StoreError('invalid_page_token', 'invalid page token', [
    { field: PAGE_TOKEN_PARAMETER, message: 'pass the nextPageToken of the previous page, unchanged, to the same path' },
  ]);
}

const MAX_KEY_BYTES = 1_024;

/** What S3 could have as a key, so that it can be asked to go on behind it. */
export function isKey(text: string): boolean {
  return Buffer.byteLength(text) <= MAX_KEY_BYTES && !/\p{Surrogate}/u.test(text);
}

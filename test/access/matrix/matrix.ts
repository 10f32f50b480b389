import * as fs from 'node:fs';
import * as path from 'node:path';
import { parse } from 'yaml';
import type { RouteName } from '../../../src/contract/routes';

/** The access matrix: who may do what, as data. The files beside this one hold it. */

export type StoreId = 'iam' | 'cognito';

/** A permission that an action needs, `<action> <resource>`, with the condition keys that the request carries. */
export interface Need {
  readonly may: string;
  readonly with?: { readonly [key: string]: string | readonly string[] };
  /** The service that needs the permission on the caller's behalf, if it is not the caller. */
  readonly as?: string;
  /** False if the local AWS does not evaluate it. */
  readonly local?: boolean;
}

/** A request that needs the permission and changes nothing. `${name}` stands for a value of the deployed store. */
export interface MatrixRequest {
  readonly route?: RouteName;
  readonly parameters?: { readonly [name: string]: string };
  readonly service?: string;
  readonly method?: string;
  readonly path?: string;
  readonly query?: { readonly [name: string]: string };
  readonly headers?: { readonly [name: string]: string };
  /** `X-Amz-Target`, of services that speak JSON. */
  readonly target?: string;
  readonly json?: unknown;
  readonly form?: { readonly [name: string]: string };
  readonly body?: string;
}

/**
 * What shows that a principal did it: an alarm (by its entry in the runbook), a named query, or only a record in the trail. The trail's
 * event has the name of the permission, unless `event` says otherwise.
 */
export type Shown = { readonly alarm: string; readonly event?: string } | { readonly query: string } | { readonly trail: string };

export interface Action {
  readonly id: string;
  /** The heading of its column. */
  readonly head: string;
  /** The rest of a sentence that begins with the principal. */
  readonly does: string;
  readonly protects: 'attribution' | 'caller' | 'completeness' | 'evidence' | 'integrity' | 'models';
  readonly needs: readonly Need[];
  readonly request?: MatrixRequest;
  /** The answers that only a caller with the permission gets: a status, and an error code behind it. */
  readonly proof: readonly string[];
  readonly shown?: Shown;
}

export interface Area {
  readonly id: string;
  readonly title: string;
  readonly note: string;
  readonly actions: readonly Action[];
}

export interface Principal {
  readonly id: string;
  /** A noun phrase. */
  readonly is: string;
  /** The policy of an IAM user. */
  readonly statements?: readonly object[];
  readonly policyFile?: string;
  /** Of another account. */
  readonly account?: string;
  /** The construct ID of a deployed role. */
  readonly role?: string;
  /** An execution role that is assumed by something other than its function. */
  readonly outside?: boolean;
  /** A session that a function opens. */
  readonly session?: 'upload' | 'download' | 'registry';
  /** The model that a session policy limits a session to. */
  readonly sessionPolicy?: string;
  readonly groups?: readonly string[];
  readonly token?: 'none' | 'tampered' | 'foreign-key' | 'expired' | 'other-pool';
}

/** The expected answers of one principal: the allowed actions, each with the reason if one is given. */
export type Expected = ReadonlyMap<string, string | undefined>;

export interface Store {
  readonly id: StoreId;
  readonly title: string;
  readonly note: string;
  readonly areas: readonly Area[];
  readonly principals: readonly Principal[];
  readonly expected: ReadonlyMap<string, Expected>;
}

export const MATRIX_FOLDER = __dirname;

function read<T>(...file: string[]): T {
  return parse(fs.readFileSync(path.join(MATRIX_FOLDER, ...file), 'utf8'), { merge: true }) as T;
}

type RawNeed = string | Need;
type RawAction = Omit<Action, 'needs' | 'proof'> & { readonly needs: readonly RawNeed[]; readonly proof?: readonly string[] };

function area(id: string, leftOut: readonly string[]): Area {
  const raw = read<{ title: string; note: string; actions: RawAction[] }>('actions', `${id}.yaml`);
  const actions = raw.actions.filter((action) => !leftOut.includes(action.id)).map((action) => ({
    ...action,
    needs: action.needs.map((need) => (typeof need === 'string' ? { may: need } : need)),
    proof: action.proof ?? [],
  }));
  return { id, title: raw.title, note: raw.note, actions };
}

type RawCell = string | { readonly [id: string]: string };
type RawExpected = readonly RawCell[] | { readonly like: string; readonly also?: readonly RawCell[]; readonly not?: readonly string[] };

function cells(raw: readonly RawCell[] = []): Array<[string, string | undefined]> {
  return raw.flatMap((cell): Array<[string, string | undefined]> => (typeof cell === 'string' ? [[cell, undefined]] : Object.entries(cell)));
}

function expectations(raw: { readonly [principal: string]: RawExpected }): Map<string, Expected> {
  const of = (principal: string): Map<string, string | undefined> => {
    const stated = raw[principal];
    if ('like' in stated) {
      const { like, also, not = [] } = stated;
      return new Map([...of(like), ...cells(also)].filter(([id]) => !not.includes(id)));
    }
    return new Map(cells(stated));
  };
  return new Map(Object.keys(raw).map((principal) => [principal, of(principal)]));
}

export function readStores(): Store[] {
  const raw = read<Array<Pick<Store, 'id' | 'title' | 'note'> & { areas: string[]; leftOut?: string[] }>>('stores.yaml');
  return raw.map(({ id, title, note, areas, leftOut = [] }) => ({
    id,
    title,
    note,
    areas: areas.map((each) => area(each, leftOut)),
    principals: read<{ principals: Principal[] }>(id, 'principals.yaml').principals,
    expected: expectations(read(id, 'expected.yaml')),
  }));
}

export function readStore(id: StoreId): Store {
  return readStores().find((store) => store.id === id)!;
}

export interface Cell {
  readonly principal: Principal;
  readonly action: Action;
}

/** Whether the principal is recognised by a token, which only the API accepts. */
export function hasToken({ groups, token }: Principal): boolean {
  return groups !== undefined || token !== undefined;
}

/** Every cell of a store. A token is tried at the API only: AWS services take no tokens. */
export function cellsOf({ areas, principals }: Store): Cell[] {
  return principals.flatMap((principal) => areas
    .filter(({ actions }) => !hasToken(principal) || actions.every(({ request }) => request?.route !== undefined))
    .flatMap(({ actions }) => actions.map((action) => ({ principal, action }))));
}

export type Answer = 'allowed' | 'denied';

export function expectedAnswer({ expected }: Store, { principal, action }: Cell): Answer {
  return expected.get(principal.id)?.has(action.id) ? 'allowed' : 'denied';
}

/** How an answer came about: by a request, by the second engine, or by a request for one need and the engine for another. */
export type DecidedBy = 'request' | 'engine' | 'both';

export interface Result {
  readonly answer?: Answer;
  readonly by?: DecidedBy;
}

import { Callers, type Caller } from './callers';
import { DeployedStacks } from './deployed-stacks';
import { IamWorld } from './iam-world';
import { Requests } from './requests';
import { reportOf, runMatrix, type Outcome } from './run';
import { SecondEngine } from './second-engine';
import { TokenCallers } from './token-callers';
import { valuesOf, type Values } from './values';
import { cellsOf, hasToken, readStore, type Store } from '../../../access/matrix/matrix';
import { recordResults } from '../../../access/matrix/results';
import { type CognitoStore, deployCognitoStore } from '../../cognito/cognito-store';
import { LocalHttp } from '../../rig/local-http';
import type { LocalStore } from '../../rig/local-store';
import { StoreApi } from '../../rig/store-api';
import { storeUnderTest } from '../../rig/store-under-test';
import { sample, type Sample } from '../../support/sample';
import { TestBench } from '../../support/tester';

const MODELS = ['fraud-cards', 'weather'];

/** A version of each team's model, with an alias, pushed as the store's own roles. */
async function pushModels(file: Sample): Promise<void> {
  const bench = new TestBench();
  const [ada, grace] = await Promise.all([bench.as('dataScientist'), bench.as('pipeline')]);
  for (const model of MODELS) {
    await ada.push(model, '1.0.0', [file]);
    await grace.move(model, 'live', { version: '1.0.0' });
  }
  bench.close();
}

/** Tries every cell of one store, prints the report and records the results. */
async function tryAll(
  store: Store, deployed: LocalStore, stacks: DeployedStacks, values: Values, http: LocalHttp, tokens?: TokenCallers,
): Promise<Outcome[]> {
  const world = new IamWorld(stacks);
  const callers = new Callers(deployed.localAws, stacks, world, values, `matrix-${store.id}`);
  const ready = new Map<string, Caller>();
  for (const principal of store.principals) {
    ready.set(principal.id, hasToken(principal) ? await tokens!.create(principal, values) : await callers.create(principal));
  }
  const outcomes = await runMatrix(store, ready, new Requests(deployed, http), new SecondEngine(world, values), cellsOf(store));
  process.stderr.write(reportOf(store, outcomes));
  recordResults(store.id, outcomes);
  return outcomes;
}

export async function tryIamStore(): Promise<{ readonly store: Store; readonly outcomes: readonly Outcome[] }> {
  const store = readStore('iam');
  const deployed = storeUnderTest();
  const file = sample('model.onnx', 1_000);
  await pushModels(file);
  const http = new LocalHttp(deployed.localAws.authorityFile);
  try {
    const stacks = await DeployedStacks.read(deployed.localAws, deployed.localAws.folder);
    return { store, outcomes: await tryAll(store, deployed, stacks, await valuesOf(deployed, stacks, file), http) };
  } finally {
    http.close();
  }
}

export async function tryCognitoStore(): Promise<{ readonly store: Store; readonly outcomes: readonly Outcome[] }> {
  const store = readStore('cognito');
  const deployed: CognitoStore = await deployCognitoStore('Matrix');
  const http = new LocalHttp(deployed.localAws.authorityFile);
  const tokens = new TokenCallers(deployed);
  const file = sample('model.onnx', 1_000);
  try {
    const api = new StoreApi(deployed, http);
    const stacks = await DeployedStacks.read(deployed.localAws, deployed.folder);
    await tokens.pushModels(api, MODELS, file);
    return { store, outcomes: await tryAll(store, deployed, stacks, await valuesOf(deployed, stacks, file), http, tokens) };
  } finally {
    tokens.close();
    http.close();
  }
}

import type { S3Client } from '@aws-sdk/client-s3';
import { LocalHttp } from '../../local/rig/local-http';
import { modelStore, modelStoreJson } from '../../local/rig/model-store';
import type { CommandResult } from '../../local/rig/run-command';
import { StoreApi } from '../../local/rig/store-api';
import { Tester } from '../../local/support/tester';
import { engineStores, type EngineStore, type PersonOfTheStore } from '../s3/engine-store';
import { engineClient } from '../s3/prepare-bucket';

/** A store on an engine, with clients for both. */
export class EngineBench {
  readonly http: LocalHttp;
  /** The administrator of the engine, bypassing the store. */
  readonly s3: S3Client;
  private readonly api: StoreApi;

  constructor(readonly store: EngineStore) {
    this.http = new LocalHttp(store.localAws.authorityFile);
    this.api = new StoreApi(store, this.http);
    this.s3 = engineClient({
      endpoint: store.engine.endpoint,
      root: store.engine.root,
      authorityFile: store.localAws.authorityFile,
    });
  }

  as(person: PersonOfTheStore): Tester {
    return new Tester(this.api, this.store.people[person]);
  }

  /** Runs the built command line as this user. */
  async run(person: PersonOfTheStore, ...args: string[]): Promise<CommandResult> {
    return modelStore(this.store, this.store.people[person], args);
  }

  async runJson<T>(person: PersonOfTheStore, ...args: string[]): Promise<T> {
    return modelStoreJson<T>(this.store, this.store.people[person], args);
  }

  close(): void {
    this.http.close();
    this.s3.destroy();
  }
}

/** Declares the tests once for each engine; if no engine can be built, they are reported as skipped. */
export function onEveryEngine(title: string, declare: (bench: EngineBench) => void): void {
  const stores = engineStores();
  if (stores.length === 0) {
    test.skip(`${title}: Go is missing, and with it MinIO and versitygw`, () => undefined);
    return;
  }
  describe.each(stores.map((store) => [store.engine.engine.name, store] as const))(
    `${title}, on %s`,
    (_name, store) => {
      const bench = new EngineBench(store);
      afterAll(() => bench.close());
      declare(bench);
    },
  );
}

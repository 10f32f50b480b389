import type { Candidate } from './complete';
import { isName } from '../../../src/contract/names';
import type { Environment } from '../runtime/environment';
import { locateStore, type StoreOptions } from '../store/locate';
import { StoreClient } from '../store/store-client';

/** Timeout for names from the store. MODEL_STORE_COMPLETION_SECONDS overrides it. */
const PATIENCE_SECONDS = 1.5;
const MOST_NAMES = 1_000;

/** Names from the store. Returns none, without an error, if the store does not respond quickly. */
export class StoreNames {
  private readonly stop = new AbortController();

  constructor(private readonly environment: Environment, private readonly options: StoreOptions) {}

  async models(): Promise<Candidate[]> {
    return this.quickly(async (client) => (
      (await client.listModels({ pageSize: MOST_NAMES })).models.map((value) => ({ value }))));
  }

  async versions(model: string): Promise<Candidate[]> {
    return this.ofModel(model, async (client) => (await client.listVersions(model, { pageSize: MOST_NAMES })).versions
      .map(({ version, publishedAt }) => ({ value: version, description: publishedAt })));
  }

  async aliases(model: string): Promise<Candidate[]> {
    return this.ofModel(model, async (client) => (await client.listAliases(model, { pageSize: MOST_NAMES })).aliases
      .map(({ alias, version }) => ({ value: alias, description: `is ${version}` })));
  }

  private async ofModel(model: string, ask: (client: StoreClient) => Promise<Candidate[]>): Promise<Candidate[]> {
    return isName(model) ? this.quickly(ask) : [];
  }

  private async quickly(ask: (client: StoreClient) => Promise<Candidate[]>): Promise<Candidate[]> {
    const { variables } = this.environment;
    // Standard input is the terminal that the user is typing on.
    if ([this.options.tokenFile, variables.MODEL_STORE_TOKEN_FILE].includes('-')) {
      return [];
    }
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<Candidate[]>((resolve) => {
      timer = setTimeout(() => {
        this.stop.abort();
        resolve([]);
      }, patienceSeconds(variables.MODEL_STORE_COMPLETION_SECONDS) * 1_000);
    });
    const asked = async () => {
      const store = await locateStore(this.environment, this.options);
      return ask(new StoreClient(this.environment, store, this.stop.signal));
    };
    try {
      // Drop invalid names: they did not come from a store, and a shell might interpret them.
      return (await Promise.race([asked(), late])).filter(({ value }) => isName(value));
    } catch {
      return [];
    } finally {
      clearTimeout(timer);
    }
  }
}

function patienceSeconds(given: string | undefined): number {
  const seconds = Number(given);
  return given !== undefined && seconds > 0 && seconds <= 60 ? seconds : PATIENCE_SECONDS;
}

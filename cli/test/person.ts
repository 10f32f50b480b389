import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { storeKeyFile } from './store-double/signing';
import { StoreDouble } from './store-double/store-double';
import type { Manifest } from '../../src/contract/manifest';
import { main } from '../src/program';
import type { Environment } from '../src/runtime/environment';
import { HttpClient } from '../src/runtime/http-client';
import { Connections } from '../src/runtime/network/connections';

export interface Ran {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Somebody at a machine: a home for files, a store to talk to, and a command line. */
export class Person {
  readonly home = mkdtempSync(join(tmpdir(), 'model-store-'));
  readonly store = new StoreDouble();
  interruption = new AbortController();
  platform: NodeJS.Platform = 'linux';
  variables: { [name: string]: string } = {};
  standardInput = '';
  /** Whether standard output is a terminal. */
  isTerminal = false;
  /** How long the command wanted to wait, in milliseconds; it never really does. */
  readonly waits: number[] = [];
  /** Shifts the machine's clock, in milliseconds. */
  clockShift = 0;
  parameters: { [name: string]: string } = {};
  /** Who STS says that the credentials belong to; it says nothing, if nobody said. */
  callerArn?: string;
  /** Where clients of the AWS SDK go; nowhere, if nobody said. */
  awsEndpoint = 'http://127.0.0.1:9';

  async arrive(): Promise<this> {
    await this.store.start();
    return this;
  }

  async leave(): Promise<void> {
    await this.store.stop();
    rmSync(this.home, { recursive: true, force: true });
  }

  path(...segments: string[]): string {
    return join(this.home, ...segments);
  }

  write(folder: string, files: { readonly [path: string]: string | Buffer }): string {
    mkdirSync(this.path(folder), { recursive: true });
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(this.path(folder, path)), { recursive: true });
      writeFileSync(this.path(folder, path), content);
    }
    return this.path(folder);
  }

  /** Every file below a folder with its content; folders end in "/". */
  read(folder: string): { [path: string]: string } {
    const found: { [path: string]: string } = {};
    const walk = (local: string, path: string) => {
      for (const name of readdirSync(local)) {
        if (statSync(join(local, name)).isDirectory()) {
          walk(join(local, name), `${path}${name}/`);
        } else {
          found[path + name] = readFileSync(join(local, name), 'latin1');
        }
      }
    };
    walk(this.path(folder), '');
    return found;
  }

  /** Pushes files, and has the store forget who asked it for what. */
  async publish(files: { readonly [path: string]: string | Buffer }, reference = 'fraud@1'): Promise<Manifest> {
    const { exitCode, stderr } = await this.run('push', this.write('model', files), reference);
    if (exitCode !== 0) {
      throw new Error(stderr);
    }
    this.store.forget();
    return this.store.manifests.get(reference)!;
  }

  async run(...argv: string[]): Promise<Ran> {
    return this.runAt(this.store.url, ...argv);
  }

  /** Reaches the store by the proxies and authorities that these variables name. */
  async runThrough(variables: { readonly [name: string]: string }, ...argv: string[]): Promise<Ran> {
    return this.execute(this.store.url, new Connections(variables), argv);
  }

  async runAt(url: string | undefined, ...argv: string[]): Promise<Ran> {
    return this.execute(url, new Connections(), argv);
  }

  private async execute(url: string | undefined, connections: Connections, argv: readonly string[]): Promise<Ran> {
    let stdout = '';
    let stderr = '';
    const environment: Environment = {
      stdout: { isTTY: this.isTerminal, write: (text: string) => { stdout += text; } },
      stderr: { write: (text: string) => { stderr += text; } },
      // Like a job in CI: nothing is taken on first use.
      variables: { ...(url !== undefined && { MODEL_STORE_URL: url }), MODEL_STORE_KEY: storeKeyFile(), ...this.variables },
      platform: this.platform,
      http: new HttpClient({ idleTimeoutMilliseconds: 2_000, connections }),
      signal: this.interruption.signal,
      now: () => Date.now() + this.clockShift,
      sleep: async (milliseconds) => { this.waits.push(milliseconds); },
      random: () => 0.5,
      readStandardInput: async () => this.standardInput,
      credentials: async () => async () => ({ accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret', sessionToken: 'session' }),
      callerArn: async () => this.callerArn,
      defaultRegion: async () => 'eu-central-1',
      readParameter: async (name) => this.parameters[name],
      awsConfiguration: (region) => ({
        region, endpoint: this.awsEndpoint, forcePathStyle: true, credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' },
      }),
    };
    const exitCode = await main(environment, argv);
    return { exitCode, stdout, stderr };
  }
}

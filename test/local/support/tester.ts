import { entryOf, type Sample } from './sample';
import type { RouteName } from '../../../src/contract/routes';
import type {
  BeginUploadResponse, DownloadLink, DownloadLinksResponse, PublishResponse, UploadLink, UploadLinksResponse,
} from '../../../src/contract/wire';
import type { Credentials } from '../rig/environment';
import { LocalHttp, type HttpAnswer } from '../rig/local-http';
import { credentialsOf, type PersonOfTheStore } from '../rig/local-store';
import { inRole, makePerson } from '../rig/people';
import { StoreApi, type ApiAnswer, type ApiCall, type ReachableStore } from '../rig/store-api';
import { storeUnderTest } from '../rig/store-under-test';

/** A user of the deployed store, with the protocol over raw HTTP. */
export class Tester {
  constructor(readonly api: StoreApi, readonly credentials: Credentials) {}

  get store(): ReachableStore {
    return this.api.store;
  }

  async call(route: RouteName, call: ApiCall = {}): Promise<ApiAnswer> {
    return this.api.call(route, this.credentials, call);
  }

  /** A call that must succeed. */
  async get<T>(route: RouteName, call: ApiCall = {}): Promise<T> {
    return this.api.get<T>(route, this.credentials, call);
  }

  async begin(model: string, files: readonly Sample[]): Promise<BeginUploadResponse> {
    return this.get('beginUpload', { parameters: { model }, body: { files: files.map(({ digest, size }) => ({ digest, size })) } });
  }

  /** The presigned URLs for the named parts of a file, or for all of it if it is a single part. */
  async uploadLinks(
    model: string, { digest, size, parts }: Sample, uploadId?: string, partNumbers?: readonly number[],
  ): Promise<UploadLink[]> {
    const wanted = parts.length === 1 ? [{ digest, size }] : parts
      .filter(({ partNumber }) => partNumbers?.includes(partNumber) ?? true)
      .map(({ partNumber, checksumSha256 }) => ({ digest, size, uploadId, partNumber, checksumSha256 }));
    const { links } = await this.get<UploadLinksResponse>('uploadLinks', { parameters: { model }, body: { links: wanted } });
    return [...links];
  }

  async put(link: UploadLink, body: Uint8Array): Promise<HttpAnswer> {
    return this.api.http.send({ method: link.method, url: link.url, headers: link.headers, body });
  }

  async follow({ url, headers }: DownloadLink): Promise<HttpAnswer> {
    return this.api.http.send({ method: 'GET', url, headers });
  }

  /** Uploads the files that the store needs, as a client would. */
  async send(model: string, files: readonly Sample[]): Promise<void> {
    const { files: answers } = await this.begin(model, files);
    for (const [index, answer] of answers.entries()) {
      const file = files[index];
      if (answer.state === 'have') {
        continue;
      }
      const links = await this.uploadLinks(model, file, answer.uploadId);
      for (const [partIndex, link] of links.entries()) {
        const { status, text } = await this.put(link, file.parts[partIndex].bytes);
        if (status !== 200 && status !== 412) {
          throw new Error(`S3 answered ${status} to part ${partIndex + 1} of ${file.path}: ${text}`);
        }
      }
      if (answer.uploadId !== undefined) {
        await this.get('completeUpload', { parameters: { model }, body: { digest: file.digest, size: file.size, uploadId: answer.uploadId } });
      }
    }
  }

  async publish(model: string, version: string, files: readonly Sample[], more: object = {}): Promise<ApiAnswer> {
    return this.call('publish', { parameters: { model, version }, body: { files: files.map(entryOf), ...more } });
  }

  /** Uploads and publishes; both must succeed. */
  async push(model: string, version: string, files: readonly Sample[]): Promise<PublishResponse> {
    await this.send(model, files);
    return this.get('publish', { parameters: { model, version }, body: { files: files.map(entryOf) } });
  }

  async downloadLinks(model: string, version: string, paths: readonly string[]): Promise<DownloadLink[]> {
    const { links } = await this.get<DownloadLinksResponse>('downloadLinks', { parameters: { model, version }, body: { paths } });
    return [...links];
  }

  async move(model: string, alias: string, body: object): Promise<ApiAnswer> {
    return this.call('moveAlias', { parameters: { model, alias }, body });
  }

  /** A signed call to S3 itself, with the credentials of the user. */
  async s3(method: string, key: string, options: { body?: string; headers?: Record<string, string> } = {}): Promise<HttpAnswer> {
    const { localAws, bucketName } = this.store;
    return this.api.http.sendSigned({ method, url: `${localAws.endpoint}/${bucketName}/${key}`, ...options }, this.credentials, 's3', localAws.region);
  }
}

/** The running store and the users for a test. */
export class TestBench {
  readonly store = storeUnderTest();
  readonly http = new LocalHttp(this.store.localAws.authorityFile);
  readonly api = new StoreApi(this.store, this.http);

  async as(person: PersonOfTheStore): Promise<Tester> {
    return this.with(await credentialsOf(this.store, person));
  }

  with(credentials: Credentials): Tester {
    return new Tester(this.api, credentials);
  }

  /** A new user in a role from the test stack, by the name of its output. */
  async inGrantedRole(name: string, output: string): Promise<Tester> {
    const roleArn = this.store.grants[output];
    if (roleArn === undefined) {
      throw new Error(`the tests' stack has no output ${output}; it has ${Object.keys(this.store.grants).join(', ')}`);
    }
    return this.with(await inRole(this.store.localAws, await makePerson(this.store.localAws, name, roleArn)));
  }

  close(): void {
    this.http.close();
  }
}

import { sample, entryOf, type Sample } from '../support/sample';
import type { Tester } from '../support/tester';

const MIB = 2 ** 20;

/** What is in the store before Schemathesis runs: published versions, moved aliases, and uploads in progress. */
export interface Seed {
  readonly model: string;
  readonly versions: readonly string[];
  readonly alias: string;
  /** In the published versions. */
  readonly file: Sample;
  /** Uploaded, but in no version. */
  readonly unpublished: Sample;
  /** Every part is uploaded, and the parts are not joined. */
  readonly multipart: Sample;
  readonly uploadId: string;
}

export async function seedStore(dataScientist: Tester, pipeline: Tester): Promise<Seed> {
  const model = 'fuzzed';
  const versions = ['1.0.0', '1.1.0'];
  // The contents are fixed, because generated requests contain their digests.
  const [file, unpublished, multipart] = [
    sample('model.onnx', Buffer.alloc(1_000, 1)), sample('next.onnx', Buffer.alloc(1_200, 2)), sample('large.bin', Buffer.alloc(17 * MIB, 3)),
  ];
  for (const version of versions) {
    await dataScientist.push(model, version, [file]);
  }
  for (const version of versions) {
    const { status, text } = await pipeline.move(model, 'production', { version });
    if (status !== 200) {
      throw new Error(`cannot move the alias: ${status} ${text}`);
    }
  }
  await pipeline.move(model, 'removable', { version: versions[0] });
  await dataScientist.send(model, [unpublished]);
  return { model, versions, alias: 'production', file, unpublished, multipart, uploadId: await uploadParts(dataScientist, model, multipart) };
}

async function uploadParts(dataScientist: Tester, model: string, file: Sample): Promise<string> {
  const { files: [{ uploadId }] } = await dataScientist.begin(model, [file]);
  const links = await dataScientist.uploadLinks(model, file, uploadId);
  for (const [index, link] of links.entries()) {
    const { status, text } = await dataScientist.put(link, file.parts[index].bytes);
    if (status !== 200) {
      throw new Error(`cannot upload part ${index + 1}: ${status} ${text}`);
    }
  }
  return uploadId!;
}

/** Request bodies that succeed in the seeded store, by operation. */
export function bodiesFor({ versions, file, unpublished, multipart, uploadId }: Seed): { readonly [operationId: string]: unknown } {
  const { digest, size } = file;
  return {
    beginUpload: { files: [{ digest, size }, { digest: multipart.digest, size: multipart.size }] },
    uploadLinks: { links: [{ digest: unpublished.digest, size: unpublished.size }] },
    completeUpload: { digest: multipart.digest, size: multipart.size, uploadId },
    publish: { files: [entryOf(unpublished)], metadata: { framework: 'onnx' }, base: versions[0] },
    downloadLinks: { paths: [file.path] },
    moveAlias: { version: versions[0], reason: 'fuzzing' },
    removeAlias: { reason: 'fuzzing' },
  };
}

/** Values of parameters that exist in the seeded store. */
export function parametersFor({ model, versions, alias }: Seed, operationId: string): { readonly [name: string]: string } {
  return { model, alias: operationId === 'removeAlias' ? 'removable' : alias, reference: alias, version: operationId === 'publish' ? '2.0.0' : versions[0] };
}

import * as fs from 'node:fs';
import * as path from 'node:path';
import { GetObjectCommand, paginateListObjectsV2, S3Client } from '@aws-sdk/client-s3';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import type { Scene } from './story';
import { auditParameterName, type AuditDescription } from '../../src/contract/audit-description';
import { clientConfiguration } from '../../test/local/rig/clients';
import { modelStoreJson } from '../../test/local/rig/model-store';

/** The evidence, brought to this machine by the auditor. */
export interface Evidence {
  readonly trail: string;
  readonly accessLogs: string;
  /** A file with what the store says of itself. */
  readonly settings: string;
  readonly files: number;
  readonly bytes: number;
}

export interface Answer<Row> {
  readonly rows: readonly Row[];
  readonly read: { readonly records: number; readonly accessLogLines: number; readonly skipped: readonly unknown[] };
}

/** Fetches everything that lies in the log archive, with the permissions of the store's auditor and no others. */
export async function fetchEvidence({ store, cast }: Scene): Promise<Evidence> {
  const { localAws } = store;
  const folder = path.join(localAws.folder, 'evidence');
  fs.rmSync(folder, { recursive: true, force: true });
  const configuration = clientConfiguration(localAws, cast.vera);
  const s3 = new S3Client({ ...configuration, forcePathStyle: true });
  const ssm = new SSMClient(configuration);
  try {
    const { Parameter: parameter } = await ssm.send(new GetParameterCommand({ Name: auditParameterName(store.name) }));
    const description = JSON.parse(parameter!.Value!) as AuditDescription;
    const fetched = { files: 0, bytes: 0 };
    const bring = async (bucket: string, to: string) => {
      for await (const { Contents: objects = [] } of paginateListObjectsV2({ client: s3 }, { Bucket: bucket })) {
        for (const { Key: key, Size: size } of objects) {
          const file = path.join(folder, to, key!);
          fs.mkdirSync(path.dirname(file), { recursive: true });
          const { Body: body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
          fs.writeFileSync(file, await body!.transformToByteArray());
          fetched.files++;
          fetched.bytes += size!;
        }
      }
      return path.join(folder, to);
    };
    const trail = await bring(description.trail.bucketName, 'trail');
    const accessLogs = await bring(description.accessLogs.bucketName, 'access-logs');
    const settings = path.join(folder, 'settings.json');
    fs.writeFileSync(settings, JSON.stringify(description.settings));
    return { trail, accessLogs, settings, ...fetched };
  } finally {
    s3.destroy();
    ssm.destroy();
  }
}

/** Asks the logs with the built `model-store audit`. */
export async function ask<Row>({ store, cast }: Scene, evidence: Evidence, question: string, ...options: string[]): Promise<Answer<Row>> {
  const { trail, accessLogs, settings } = evidence;
  return modelStoreJson<Answer<Row>>(store, cast.vera, [
    'audit', question, '--logs', trail, '--access-logs', accessLogs, '--settings', settings, ...options,
  ]);
}

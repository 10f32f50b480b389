import { call, type Scenario } from './scenario';
import { STORE } from '../trail-record';

const BUCKET_ARN = `arn:aws:s3:::${STORE.bucket}`;

/** Services that read the bucket in somebody's stead. */
export const PATHS_OUT: readonly Scenario[] = [
  {
    name: 'an S3 Batch Operations job that copies every object',
    question: 'paths-out',
    principal: 'DataPlatform=bela',
    plant: (month) => call(month, 'DataPlatform=bela', month.at(4, 11), {
      service: 's3', action: 'CreateJob',
      parameters: {
        operation: { s3PutObjectCopy: { targetResource: 'arn:aws:s3:::backup-of-a-friend' } },
        manifestGenerator: { s3JobManifestGenerator: { sourceBucket: BUCKET_ARN } },
      },
    }),
  },
  {
    name: 'a DataSync location over the bucket',
    question: 'paths-out',
    principal: 'DataPlatform=cosmo',
    plant: (month) => call(month, 'DataPlatform=cosmo', month.at(5, 11), {
      service: 'datasync', action: 'CreateLocationS3', parameters: { s3BucketArn: BUCKET_ARN, subdirectory: '/models' },
    }),
  },
  {
    name: 'a model imported into Amazon Bedrock from the bucket',
    question: 'paths-out',
    principal: 'Scientist=dora',
    plant: (month) => call(month, 'Scientist=dora', month.at(6, 11), {
      service: 'bedrock', action: 'CreateModelImportJob',
      parameters: { jobName: 'import', modelDataSource: { s3DataSource: { s3Uri: `s3://${STORE.bucket}/models/crown-jewel/` } } },
    }),
  },
  {
    name: 'a request to a service that is on no list yet',
    question: 'paths-out',
    principal: 'Scientist=egon',
    plant: (month) => call(month, 'Scientist=egon', month.at(7, 11), {
      service: 'teleport', action: 'BeginMirror', parameters: { source: { endpoint: `https://${STORE.bucket}.s3.${STORE.region}.amazonaws.com/` } },
    }),
  },
];

#!/usr/bin/env node
import { setTimeout as delay } from 'node:timers/promises';
import { callerArn } from './aws/caller';
import { readParameter } from './aws/clients';
import { askForMfaCode } from './aws/mfa-code';
import { usesPathStyle } from './aws/s3-address';
import { AwsSession } from './aws/session';
import { main } from './program';
import type { Environment } from './runtime/environment';
import { EXIT } from './runtime/failure';
import { HttpClient } from './runtime/http-client';
import { createInterruption, interruptOn } from './runtime/interruption';

const interruption = createInterruption();

const aws = new AwsSession({
  variables: process.env,
  platform: process.platform,
  forcePathStyle: usesPathStyle(process.env),
  // Asked only on a terminal: in a pipe or a job, there is no one to answer.
  mfaCode: process.stdin.isTTY && process.stderr.isTTY
    ? async (serialNumber) => askForMfaCode(serialNumber, interruption.signal) : undefined,
});

const environment: Environment = {
  stdout: process.stdout,
  stderr: process.stderr,
  variables: process.env,
  platform: process.platform,
  http: new HttpClient({ connections: aws.connections }),
  signal: interruption.signal,
  now: () => Date.now(),
  sleep: async (milliseconds, signal) => delay(milliseconds, undefined, { signal }),
  random: () => Math.random(),
  // `ps` shows the title instead of the arguments.
  hideArguments: () => { process.title = 'model-store'; },
  exitAtOnce: () => { process.stdout.write('', () => process.exit(EXIT.OK)); },
  readStandardInput: async () => {
    const chunks: Buffer[] = [];
    for await (const chunk of process.stdin) {
      chunks.push(chunk as Buffer);
    }
    return Buffer.concat(chunks).toString('utf8');
  },
  credentials: async () => aws.credentials,
  callerArn: async (region) => callerArn(aws, region),
  defaultRegion: async () => aws.region(),
  readParameter: async (name, region) => readParameter(aws, name, region),
  awsConfiguration: (region) => aws.configuration(region),
};

interruptOn('SIGINT', EXIT.INTERRUPTED, interruption);
interruptOn('SIGTERM', EXIT.TERMINATED, interruption);
// The reader of a pipe may close it early ("model-store list | head"). That is not an error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') {
    process.exit(EXIT.OK);
  }
  process.stderr.write(`model-store: the command succeeded, but its result cannot be written: ${error.message}\n`);
  process.exit(EXIT.FAILURE);
});
// If standard error is closed, the command continues.
process.stderr.on('error', () => {});

// If the event loop empties before `main` returns, the command has failed.
process.exitCode = EXIT.FAILURE;
void main(environment, process.argv.slice(2)).then((exitCode) => { process.exitCode = exitCode; });

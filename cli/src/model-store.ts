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
  // In a pipe or a job nobody would answer.
  mfaCode: process.stdin.isTTY && process.stderr.isTTY ? async (serialNumber) => askForMfaCode(serialNumber, interruption.signal) : undefined,
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

const argv = process.argv.slice(2);
if (argv.some((argument) => argument === '--token' || argument.startsWith('--token='))) {
  // Overwrites the arguments that `ps` shows, the token among them.
  process.title = 'model-store';
}
interruptOn('SIGINT', EXIT.INTERRUPTED, interruption);
interruptOn('SIGTERM', EXIT.TERMINATED, interruption);
// The reader of a pipe may leave early ("model-store list | head"): nothing is wrong then.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') {
    process.exit(EXIT.OK);
  }
  process.stderr.write(`model-store: what was asked for is done, but its result cannot be written: ${error.message}\n`);
  process.exit(EXIT.FAILURE);
});
// Talk that nobody listens to any more is no reason to leave the work undone.
process.stderr.on('error', () => {});

// If nothing is left to wait for before there is an answer, that is no success.
process.exitCode = EXIT.FAILURE;
void main(environment, argv).then((exitCode) => {
  process.exitCode = exitCode;
  if (argv[0] === 'complete') {
    // Whatever still waits for an answer that comes too late: whoever is typing does not.
    process.stdout.write('', () => process.exit());
  }
});

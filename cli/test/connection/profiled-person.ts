import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { AwsStandIn } from './aws-stand-in';
import { BuiltCommand } from './built-command';
import { Person, type Ran } from '../person';

export type Variables = { readonly [name: string]: string };

export const keys = (id: string) => [`aws_access_key_id = ${id}`, 'aws_secret_access_key = secret'];
/** What a credential process prints. */
export const PROCESS_OUTPUT = '{"Version": 1, "AccessKeyId": "AKIDPROCESS", "SecretAccessKey": "secret"}';
export const START_URL = 'https://d-1.awsapps.com/start';
export const SSO = [
  `sso_start_url = ${START_URL}`,
  'sso_region = eu-central-1',
  'sso_account_id = 111122223333',
  'sso_role_name = Scientist',
];

/** As `aws configure sso` writes them: profiles share a session, which the cache is named after. */
export const SSO_SESSION = [
  '[sso-session company]',
  `sso_start_url = ${START_URL}`,
  'sso_region = eu-central-1',
  'sso_registration_scopes = sso:account:access',
  '[profile sso]',
  'sso_session = company',
  'sso_account_id = 111122223333',
  'sso_role_name = Scientist',
];

/** A user with AWS profiles in their home folder, and an AWS endpoint on this machine. */
export class ProfiledPerson {
  readonly aws = new AwsStandIn();
  private readonly person = new Person();

  async arrive(): Promise<this> {
    await this.aws.start();
    return this;
  }

  async leave(): Promise<void> {
    await this.aws.stop();
    await this.person.leave().catch(() => {});
  }

  get home(): string {
    return this.person.home;
  }

  path(...segments: string[]): string {
    return this.person.path(...segments);
  }

  file(path: string, ...lines: string[]): string {
    mkdirSync(dirname(this.path(path)), { recursive: true });
    writeFileSync(this.path(path), lines.join('\n'));
    return this.path(path);
  }

  config(...lines: string[]): void {
    this.file('.aws/config', ...lines);
  }

  credentials(...lines: string[]): void {
    this.file('.aws/credentials', ...lines);
  }

  script(name: string, ...lines: string[]): string {
    const path = this.file(name, '#!/bin/sh', ...lines);
    chmodSync(path, 0o755);
    return path;
  }

  /** The cache entry that `aws sso login` writes. */
  signIn(expires = '2099-01-01T00:00:00Z', cachedFor = START_URL): void {
    this.file(
      `.aws/sso/cache/${createHash('sha1').update(cachedFor).digest('hex')}.json`,
      JSON.stringify({ startUrl: START_URL, region: 'eu-central-1', accessToken: 'sso-token', expiresAt: expires }),
    );
  }

  async list(command: BuiltCommand, variables: Variables = {}, ...argv: string[]): Promise<Ran> {
    return command.run(this.environment(variables), 'list', '--columns', 'model', '--url', `${this.aws.origin}/live`, ...argv);
  }

  /** Runs `list` on a terminal, and types this when the command prompts. */
  async listOnTerminal(command: BuiltCommand, variables: Variables, typed: string): Promise<Ran> {
    const environment = { PATH: process.env.PATH!, ...this.environment(variables) };
    return command.runOnTerminal(environment, typed, 'list', '--columns', 'model', '--url', `${this.aws.origin}/live`);
  }

  private environment(variables: Variables): Variables {
    return { HOME: this.home, AWS_ENDPOINT_URL: this.aws.origin, AWS_REGION: 'eu-central-1', ...variables };
  }
}

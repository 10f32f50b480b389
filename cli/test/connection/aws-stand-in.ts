import type { IncomingMessage, ServerResponse } from 'node:http';
import { LoopbackServer } from '../loopback-server';

const EXPIRATION = '2099-01-01T00:00:00Z';

export interface Call {
  readonly what: string;
  /** The access key ID of its signature; empty if unsigned. */
  readonly keyId: string;
  /** The Region in its signature. */
  readonly region: string;
  readonly body: string;
}

/**
 * The parts of STS, IAM Identity Center, ECS, EC2 and a store that issue credentials; records which credentials are
 * used. The AWS CLI runs against the same server, to check that it behaves like AWS.
 */
export class AwsStandIn extends LoopbackServer {
  readonly calls: Call[] = [];
  /** Overrides the ARN that GetCallerIdentity returns. */
  callerArn?: string;

  /** The access key that signed the last request of this kind. */
  keyOf(what: string): string | undefined {
    return [...this.calls].reverse().find((call) => call.what === what)?.keyId;
  }

  protected async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) {
      chunks.push(chunk as Buffer);
    }
    const body = Buffer.concat(chunks).toString();
    const parameters = new URLSearchParams(body);
    const path = request.url!.split('?')[0];
    const what = parameters.get('Action') ?? `${request.method} ${path}`;
    const [, keyId = '', region = ''] =
      /Credential=(\w+)\/\d+\/([a-z0-9-]+)\//.exec(request.headers.authorization ?? '') ?? [];
    this.calls.push({ what, keyId, region, body });
    const refuse = (status: number) => {
      response.writeHead(status).end();
    };
    const xml = (name: string, content: string) =>
      response
        .writeHead(200, { 'content-type': 'text/xml' })
        .end(
          `<${name}Response xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><${name}Result>${content}</${name}Result></${name}Response>`,
        );
    const json = (value: object) =>
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value));
    const session = (id: string) => ({
      AccessKeyId: id,
      SecretAccessKey: 'secret',
      SessionToken: 'token',
      Token: 'token',
      Expiration: EXPIRATION,
    });

    switch (what) {
      case 'AssumeRole':
      case 'AssumeRoleWithWebIdentity': {
        const [, account, role] = /::(\d+):role\/(.+)$/.exec(parameters.get('RoleArn')!)!;
        if (role === 'Closed') {
          return void response
            .writeHead(403, { 'content-type': 'text/xml' })
            .end(
              '<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code>'
                + `<Message>User: arn:aws:iam::${account}:user/jane is not authorized to perform: sts:AssumeRole on resource: Closed</Message></Error></ErrorResponse>`,
            );
        }
        const id = `${what === 'AssumeRole' ? 'ASIAROLE' : 'ASIAWEB'}${role.toUpperCase()}`;
        const { AccessKeyId, SecretAccessKey, SessionToken } = session(id);
        this.callerArn = `arn:aws:sts::${account}:assumed-role/${role}/${parameters.get('RoleSessionName')}`;
        return void xml(
          what,
          `<Credentials><AccessKeyId>${AccessKeyId}</AccessKeyId><SecretAccessKey>${SecretAccessKey}</SecretAccessKey>
          <SessionToken>${SessionToken}</SessionToken><Expiration>${EXPIRATION}</Expiration></Credentials>
          <AssumedRoleUser><Arn>${this.callerArn}</Arn><AssumedRoleId>AROA:x</AssumedRoleId></AssumedRoleUser>`,
        );
      }
      case 'GetCallerIdentity':
        return void xml(
          what,
          `<Arn>${this.callerArn ?? 'arn:aws:iam::111122223333:user/jane'}</Arn><Account>111122223333</Account><UserId>x</UserId>`,
        );
      case 'GET /federation/credentials':
        return void (request.headers['x-amz-sso_bearer_token'] === 'sso-token'
          ? json({
            roleCredentials: {
              accessKeyId: 'ASIASSO',
              secretAccessKey: 'secret',
              sessionToken: 'token',
              expiration: Date.parse(EXPIRATION),
            },
          })
          : refuse(401));
      case 'GET /container':
        return void (request.headers.authorization === 'container-token'
          ? json(session('ASIACONTAINER'))
          : refuse(401));
      case 'PUT /latest/api/token':
        return void response.writeHead(200, { 'x-aws-ec2-metadata-token-ttl-seconds': '21600' }).end('imds-token');
      case 'GET /latest/meta-data/iam/security-credentials':
      case 'GET /latest/meta-data/iam/security-credentials/':
        return void response.end('instance-role');
      case 'GET /latest/meta-data/iam/security-credentials/instance-role':
        return void (request.headers['x-aws-ec2-metadata-token'] === 'imds-token'
          ? json({ Code: 'Success', Type: 'AWS-HMAC', LastUpdated: '2026-11-28T00:00:00Z', ...session('ASIAINSTANCE') })
          : refuse(401));
      case 'GET /live/models':
        return void json({ models: ['fraud'] });
      default:
        return refuse(404);
    }
  }
}

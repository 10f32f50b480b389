import { Random } from './random';
import { type ObjectRequest, type Session, STORE } from './trail-record';
import { blobKey, manifestKey, signatureKey } from '../../../src/contract/keys';

const MIB = 1024 * 1024;
const SLOT = 5 * 60_000;
const DAY = 24 * 3_600_000;

export interface Model {
  readonly name: string;
  readonly version: string;
  readonly files: readonly { readonly digest: string; readonly size: number }[];
}

export interface Principal {
  readonly name: string;
  readonly kind: 'scientist' | 'pipeline' | 'batch job' | 'auditor';
  readonly sourceIps: readonly string[];
  readonly userAgent: string;
  /** How much of the month's work is theirs. */
  readonly weight: number;
  readonly models: readonly Model[];
  readonly vpcEndpoint?: string;
}

export interface MonthOptions {
  readonly seed: number;
  /** About how many data events; the exact number follows from the seed. */
  readonly events: number;
  /** The first day, midnight UTC, in milliseconds since 1970. */
  readonly from: number;
  readonly days: number;
}

export const NOVEMBER: Omit<MonthOptions, 'events'> = { seed: 1, from: Date.UTC(2026, 10, 1), days: 30 };

const FIRST_NAMES = [
  'ada', 'bjarne', 'claire', 'dmitri', 'edsger', 'fatima', 'grace', 'hedy', 'ivan', 'joan', 'katherine', 'linus', 'margaret', 'niklaus', 'olga',
  'peter', 'quentin', 'radia', 'sofia', 'tim', 'ursula', 'vint', 'wanda', 'xiu', 'yukihiro', 'zoe', 'anders', 'barbara', 'carlos', 'dorothy',
  'emmy', 'frances', 'guido', 'hana', 'ines', 'jean', 'kurt', 'lotfi', 'mary', 'noor',
] as const;

/** Fifty principals: people in the office and at home, pipelines, two batch jobs that read S3 themselves, two auditors. */
export class OrdinaryMonth {
  readonly models: readonly Model[];
  readonly principals: readonly Principal[];
  private readonly random: Random;

  constructor(private readonly options: MonthOptions) {
    this.random = new Random(options.seed);
    this.models = Array.from({ length: 30 }, (_, index) => this.model(index));
    this.principals = [
      ...FIRST_NAMES.map((name) => this.person(name)),
      ...Array.from({ length: 6 }, (_, index) => this.pipeline(index)),
      ...Array.from({ length: 2 }, (_, index) => this.batchJob(index)),
      ...['auditor-ruth', 'auditor-sam'].map((name) => this.auditor(name)),
    ];
  }

  /** The month's requests, five minutes at a time, each with the time at which they begin. */
  *slots(): Generator<{ readonly time: number; readonly requests: readonly ObjectRequest[] }> {
    const { from, days, events } = this.options;
    const random = this.random;
    const slotsADay = DAY / SLOT;
    const busyness = (principal: Principal, time: number) => {
      const date = new Date(time);
      const weekend = date.getUTCDay() === 0 || date.getUTCDay() === 6;
      if (principal.kind === 'pipeline' || principal.kind === 'batch job') {
        return principal.weight;
      }
      const hour = date.getUTCHours();
      return weekend || hour < 7 || hour >= 18 ? 0 : principal.weight * (hour === 11 ? 0.5 : 1.5);
    };
    let total = 0;
    for (let slot = 0; slot < days * slotsADay; slot++) {
      total += this.principals.reduce((sum, principal) => sum + busyness(principal, from + slot * SLOT), 0);
    }
    const later = new Map<number, ObjectRequest[]>();
    let owed = 0;
    for (let slot = 0; slot < days * slotsADay; slot++) {
      const begin = from + slot * SLOT;
      const weights = this.principals.map((principal) => busyness(principal, begin));
      const here = weights.reduce((sum, weight) => sum + weight, 0);
      owed += events * here / total;
      while (owed > 0) {
        let draw = random.next() * here;
        const principal = this.principals[Math.max(0, weights.findIndex((weight) => (draw -= weight) < 0))];
        for (const request of this.activity(principal, begin + random.integer(0, SLOT - 1))) {
          const target = Math.floor((request.time - from) / SLOT);
          const there = later.get(target);
          if (there) {
            there.push(request);
          } else {
            later.set(target, [request]);
          }
          owed--;
        }
      }
      const requests = (later.get(slot) ?? []).sort((a, b) => a.time - b.time);
      later.delete(slot);
      yield { time: begin, requests };
    }
  }

  private model(index: number): Model {
    const random = this.random;
    const name = `${random.pick(['fraud', 'churn', 'vision', 'speech', 'ranking'])}-${random.pick(['base', 'large', 'tiny', 'eu', 'us'])}-${index}`;
    const files = Array.from({ length: random.integer(2, 6) }, () => ({
      digest: random.hex(64), size: Math.round(Math.min(2_000 * MIB, random.logNormal(20 * MIB, 6))),
    }));
    return { name, version: `1.${random.integer(0, 20)}.0`, files };
  }

  private someModels(count: number): Model[] {
    return Array.from({ length: count }, () => this.random.pick(this.models));
  }

  private person(name: string): Principal {
    const random = this.random;
    return {
      name,
      kind: 'scientist',
      sourceIps: [`10.20.${random.integer(0, 3)}.${random.integer(2, 250)}`, `84.${random.integer(128, 191)}.${random.integer(0, 255)}.${random.integer(1, 254)}`],
      userAgent: `model-store/1.0.0 node/${random.pick(['20.20.2', '22.11.0', '24.1.0'])} (linux x64)`,
      weight: random.integer(5, 15) / 10,
      models: this.someModels(random.integer(2, 5)),
    };
  }

  private pipeline(index: number): Principal {
    return {
      name: `deploy-${index}`,
      kind: 'pipeline',
      sourceIps: [`10.30.${index}.10`, `10.30.${index}.11`],
      userAgent: 'model-store/1.0.0 node/24.1.0 (linux arm64)',
      weight: 0.8,
      models: this.someModels(4),
      vpcEndpoint: STORE.vpcEndpoint,
    };
  }

  private batchJob(index: number): Principal {
    return {
      name: `SageMakerTraining${index}`,
      kind: 'batch job',
      sourceIps: [`10.40.${index}.${this.random.integer(2, 250)}`],
      userAgent: 'Boto3/1.40.1 md/Botocore#1.40.1 ua/2.1 os/linux#6.1.0 lang/python#3.11.9',
      weight: 1.2,
      models: this.someModels(2),
      vpcEndpoint: STORE.vpcEndpoint,
    };
  }

  private auditor(name: string): Principal {
    return { name, kind: 'auditor', sourceIps: ['10.50.0.7'], userAgent: 'aws-cli/2.31.0 Python/3.13.4', weight: 0.1, models: [] };
  }

  private session(principal: Principal, roleName: string, time: number, named: boolean): Session {
    return {
      roleName,
      roleId: `AROA${Buffer.from(roleName).toString('hex').toUpperCase().slice(0, 17)}`,
      sessionName: principal.name,
      sourceIdentity: named ? principal.name : undefined,
      accessKeyId: `ASIA${this.random.id(16)}`,
      account: STORE.account,
      createdAt: time,
    };
  }

  private base(principal: Principal, session: Session): Omit<ObjectRequest, 'time' | 'action' | 'bytesOut' | 'requestId' | 'eventId'> {
    const random = this.random;
    const atHome = principal.sourceIps.length > 1 && random.chance(0.25);
    return {
      session,
      sourceIp: principal.sourceIps[atHome ? 1 : 0],
      userAgent: principal.userAgent,
      ...(principal.vpcEndpoint !== undefined && { vpcEndpoint: principal.vpcEndpoint }),
    };
  }

  private ids() {
    return { requestId: this.random.id(16), eventId: this.random.uuid() };
  }

  private *activity(principal: Principal, time: number): Generator<ObjectRequest> {
    const random = this.random;
    if (principal.kind === 'auditor') {
      const session = this.session(principal, 'models-AuditorRole', time, false);
      yield { ...this.base(principal, session), ...this.ids(), time, action: 'ListObjects', bytesOut: random.integer(400, 40_000) };
      return;
    }
    const model = random.pick(principal.models);
    if (principal.kind === 'batch job') {
      const session = this.session(principal, principal.name, time - random.integer(0, 3_000_000), false);
      yield* this.reads(this.base(principal, { ...session, sessionName: 'SageMaker' }), model, time);
    } else if (principal.kind === 'scientist' && random.chance(0.06)) {
      yield* this.push(principal, model, time);
    } else {
      yield* this.pull(principal, model, time);
    }
  }

  private *pull(principal: Principal, model: Model, time: number): Generator<ObjectRequest> {
    const session = this.session(principal, 'models-DownloadSessionRole', time, true);
    const base = this.base(principal, session);
    // The function reads the manifest in the caller's name, from an address of AWS.
    yield {
      ...base, ...this.ids(), sourceIp: `3.120.${this.random.integer(0, 255)}.${this.random.integer(1, 254)}`, userAgent: 'aws-sdk-js/3.950.0 md/nodejs#24.1.0 exec-env/AWS_Lambda_nodejs24.x',
      time, action: 'GetObject', key: manifestKey(model.name, model.version), bytesOut: 900 + 300 * model.files.length,
    };
    yield* this.reads({ ...base, link: { signedAt: time + 400, lifetimeSeconds: 900, askedFrom: base.sourceIp } }, model, time + 900);
  }

  private *reads(base: ReturnType<OrdinaryMonth['base']>, model: Model, begin: number): Generator<ObjectRequest> {
    let time = begin;
    for (const { digest, size } of model.files) {
      for (let at = 0; at < size; at += 64 * MIB) {
        const bytesOut = Math.min(64 * MIB, size - at);
        time += Math.round(bytesOut / 150_000) + this.random.integer(5, 60);
        yield { ...base, ...this.ids(), time, action: 'GetObject', key: blobKey(model.name, digest), bytesOut };
      }
    }
  }

  private *push(principal: Principal, model: Model, begin: number): Generator<ObjectRequest> {
    const base = this.base(principal, this.session(principal, 'models-UploadSessionRole', begin, true));
    const link = { signedAt: begin + 300, lifetimeSeconds: 900, askedFrom: base.sourceIp };
    let time = begin;
    const key = blobKey(model.name, this.random.hex(64));
    const parts = this.random.integer(1, 6);
    for (let part = 1; part <= parts; part++) {
      time += this.random.integer(200, 900);
      yield {
        ...base, ...this.ids(), link, time, action: 'UploadPart', key, bytesIn: 16 * MIB, bytesOut: 0, requestParameters: { partNumber: `${part}`, uploadId: this.random.hex(64) },
      };
    }
    yield { ...base, ...this.ids(), time: time + 300, action: 'CompleteMultipartUpload', key, bytesOut: 480 };
    const version = `2.0.${this.random.integer(0, 999)}`;
    yield { ...base, ...this.ids(), time: time + 450, action: 'PutObject', key: signatureKey(model.name, version), bytesIn: 3_000, bytesOut: 0 };
    yield { ...base, ...this.ids(), time: time + 500, action: 'PutObject', key: manifestKey(model.name, version), bytesIn: 2_000, bytesOut: 0 };
  }
}

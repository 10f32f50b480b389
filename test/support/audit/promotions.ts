import type { MonthOfEvidence } from './month-of-evidence';
import type { Principal } from './ordinary-month';
import { aliasKey, manifestKey, signatureKey } from '../../../src/contract/keys';

const FUNCTION = { sourceIp: '3.120.7.7', userAgent: 'aws-sdk-js/3.950.0 exec-env/AWS_Lambda_nodejs24.x' } as const;

type Who = Pick<Principal, 'name'>;

/** A version is published by the store's function, in the name of a person. */
export function publish(month: MonthOfEvidence, { name }: Who, model: string, version: string, time: number): void {
  const session = month.session('models-UploadSessionRole', name, time, name);
  [signatureKey(model, version), manifestKey(model, version)].forEach((key, index) => month.add({
    ...month.ids(), ...FUNCTION, session, time: time + index * 100, action: 'PutObject', key, bytesIn: 2_000, bytesOut: 0,
  }));
}

/** An alias is moved by the store's function, which reads the version and the alias first. */
export function promote(
  month: MonthOfEvidence, { name }: Who, model: string, version: string, time: number, alias = 'production',
): void {
  const session = month.session('models-RegistrySessionRole', name, time, name);
  const request = { ...FUNCTION, session, time };
  [manifestKey(model, version), aliasKey(model, alias)].forEach((key) => month.add({
    ...month.ids(), ...request, action: 'GetObject', key, bytesOut: 900,
  }));
  month.add({
    ...month.ids(), ...request, time: time + 200, action: 'PutObject', key: aliasKey(model, alias), bytesIn: 400, bytesOut: 0,
  });
}

/** People publish, and hours later, in the daytime, pipelines promote: in every month. */
export function ordinaryPromotions(month: MonthOfEvidence): void {
  ['anders', 'barbara', 'carlos', 'kurt'].forEach((name, index) => {
    const pipeline = month.person(`deploy-${index}`);
    const [model] = pipeline.models;
    promote(month, pipeline, model.name, model.version, month.at(index - 25, 10));
    [3, 17].forEach((day, minor) => {
      publish(month, month.person(name), model.name, `3.${minor}.${index}`, month.at(day + index, 9, 30));
      promote(month, pipeline, model.name, `3.${minor}.${index}`, month.at(day + index, 14));
    });
  });
}

import { CROWN_JEWEL, GIB, MINUTE, type Scenario } from './scenario';
import { blobKey, manifestKey } from '../../../../src/contract/keys';
import type { Model } from '../ordinary-month';
import { pull } from '../ordinary-oddities';

const LEXICON: Model = {
  name: 'speech-lexicon', version: '3.1.0', files: Array.from({ length: 400 }, (_, index) => ({ digest: index.toString(16).padStart(64, 'd'), size: 40_000 })),
};

/** Too much, too often, too many, at the wrong time: with permissions that the person has. */
export const VOLUME: readonly Scenario[] = [
  {
    name: 'one large pull',
    question: 'volume-anomalies',
    principal: 'ada',
    plant: (month) => pull(month, month.person('ada'), CROWN_JEWEL, month.at(12, 14), { sourceIp: month.person('ada').sourceIps[0] }),
  },
  {
    name: 'slow exfiltration: 5 GB a day for two weeks',
    question: 'weekly-volume-anomalies',
    principal: 'bjarne',
    plant: (month) => [9, 10, 11, 12, 13, 16, 17, 18, 19, 20].forEach((day) => pull(month, month.person('bjarne'), CROWN_JEWEL, month.at(day, 15), {
      sourceIp: month.person('bjarne').sourceIps[0], bytes: 5 * GIB,
    })),
  },
  {
    name: 'slow exfiltration: another small model every second day',
    question: 'many-new-models',
    principal: 'claire',
    plant: (month) => {
      const person = month.person('claire');
      month.work.models.filter((model) => !person.models.includes(model)).slice(0, 12).forEach((model, index) => {
        pull(month, person, model, month.at(2 + 2 * index, 11), { sourceIp: person.sourceIps[0], bytes: 50_000_000 });
      });
    },
  },
  {
    name: 'many small files in an hour',
    question: 'file-count-anomalies',
    principal: 'peter',
    plant: (month) => pull(month, month.person('peter'), LEXICON, month.at(18, 10), { sourceIp: month.person('peter').sourceIps[0] }),
  },
  {
    name: 'a bulk download on a Saturday night',
    question: 'off-hours-bulk-egress',
    principal: 'olga',
    plant: (month) => pull(month, month.person('olga'), CROWN_JEWEL, month.at(15, 2), { sourceIp: month.person('olga').sourceIps[1], bytes: 12 * GIB }),
  },
  {
    name: 'an unknown principal downloads in bulk on its first day',
    question: 'bulk-egress-by-new-principals',
    principal: 'temp-worker',
    plant: (month) => pull(month, { name: 'temp-worker', userAgent: 'model-store/1.0.0 node/24.1.0 (linux x64)' }, CROWN_JEWEL, month.at(24, 11), {
      sourceIp: '10.20.3.3', bytes: 14 * GIB,
    }),
  },
  {
    name: 'repeated denied requests for other objects',
    question: 'repeated-denials',
    principal: 'quentin',
    plant: (month) => {
      const person = month.person('quentin');
      const time = month.at(19, 13);
      const session = month.session('models-DownloadSessionRole', 'quentin', time, 'quentin');
      month.work.models.slice(0, 12).forEach((model, index) => month.add({
        ...month.ids(), session, time: time + index * MINUTE / 6, action: 'GetObject', sourceIp: person.sourceIps[0], userAgent: person.userAgent, bytesOut: 0,
        key: index % 2 ? manifestKey(model.name, model.version) : blobKey(model.name, model.files[0].digest), errorCode: 'AccessDenied',
      }));
    },
  },
];

import type { Scenario } from './scenario';
import { promote, publish } from '../promotions';

/** Aliases that move as they do not on an ordinary day. */
export const PROMOTIONS: readonly Scenario[] = [
  {
    name: 'a version that goes into production minutes after one person published it',
    question: 'alias-moves',
    principal: 'emmy',
    model: 'payments-scorer',
    plant: (month) => {
      publish(month, { name: 'emmy' }, 'payments-scorer', '8.0.0', month.at(10, 11));
      promote(month, { name: 'emmy' }, 'payments-scorer', '8.0.0', month.at(10, 11, 4));
    },
  },
  {
    name: 'an alias moved on a Sunday night',
    question: 'alias-moves',
    principal: 'deploy-4',
    model: 'payments-scorer',
    plant: (month) => {
      promote(month, { name: 'deploy-4' }, 'payments-scorer', '7.9.0', month.at(-20, 10), 'staging');
      promote(month, { name: 'deploy-4' }, 'payments-scorer', '8.0.0', month.at(22, 23), 'staging');
    },
  },
  {
    name: 'an alias moved back to a version with a known flaw',
    question: 'alias-moves',
    principal: 'deploy-1',
    plant: (month) => {
      const { models: [model] } = month.person('deploy-1');
      promote(month, { name: 'deploy-1' }, model.name, model.version, month.at(24, 14));
    },
  },
];

import { describeOnBothEngines } from './support/query-tests';

describeOnBothEngines('about callers');

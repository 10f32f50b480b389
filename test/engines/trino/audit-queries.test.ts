import { describeOnBothEngines } from './support/query-tests';

describeOnBothEngines('others');

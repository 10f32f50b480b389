export { acknowledgeWildcards } from '../storage/wildcard-acknowledgements';

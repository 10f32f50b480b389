export { SnapshotTemplate } from './snapshot-template';

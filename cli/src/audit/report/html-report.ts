/** The entry point of a separate bundle, loaded only to write a page: nothing else draws charts. */
export { reportPage } from './page';

/** A bundle of its own, loaded when a page is to be written: nothing else needs to draw. */
export { reportPage } from './page';

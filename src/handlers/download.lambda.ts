import { downloadLinks } from './download/download-links';
import { createFunction } from './shared/router';

export const handler = createFunction('download', { downloadLinks });

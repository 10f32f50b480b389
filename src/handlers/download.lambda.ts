import { downloadLinks } from './download/download-links';
import { createFunction } from './http/router';

export const handler = createFunction('download', { downloadLinks });

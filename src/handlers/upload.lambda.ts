import { createFunction } from './http/router';
import { beginUpload } from './upload/begin-upload';
import { completeUpload } from './upload/complete-upload';
import { publish } from './upload/publish';
import { uploadLinks } from './upload/upload-links';

export const handler = createFunction('upload', { beginUpload, uploadLinks, completeUpload, publish });

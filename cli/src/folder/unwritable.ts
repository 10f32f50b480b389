import { describeFault } from '../runtime/describe-fault';
import { EXIT, Failure } from '../runtime/failure';

/** Turns a file system error during a pull into a failure. Other errors are returned unchanged. */
export function unwritable(folder: string, error: unknown): unknown {
  const fault = error as NodeJS.ErrnoException;
  if (error instanceof Failure || fault.syscall === undefined) {
    return error;
  }
  if (fault.code === 'ENOSPC' || fault.code === 'EDQUOT') {
    return new Failure('the disk of the destination is full', {
      code: 'unwritable_folder',
      exitCode: EXIT.FAILURE,
      cause: error,
      hint: 'Free up space and pull again; the pull resumes where it stopped.',
    });
  }
  const forbidden = ['EACCES', 'EPERM', 'EROFS'].includes(fault.code ?? '');
  const place = (fault as { readonly dest?: string }).dest ?? fault.path;
  return new Failure(`cannot write to ${folder}`, {
    code: 'unwritable_folder',
    exitCode: forbidden ? EXIT.USAGE : EXIT.FAILURE,
    details: [{ field: place ?? folder, message: describeFault(error) }],
    hint: forbidden
      ? 'Get write permission and run the same pull again, or pull into another folder.'
      : 'Run the same pull again; it resumes where it stopped.',
    cause: error,
  });
}

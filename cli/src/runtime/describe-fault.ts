/** Describes a file system error in plain words. */
export function describeFault(error: unknown): string {
  switch ((error as NodeJS.ErrnoException).code) {
    case 'ENOENT': return 'it does not exist';
    case 'EACCES': case 'EPERM': return 'permission denied';
    case 'EROFS': return 'the file system is read-only';
    case 'ELOOP': return 'its symbolic links form a loop';
    case 'ESTALE': case 'ENOTCONN': return 'its mount no longer responds; mount it again';
    default: return (error as Error).message;
  }
}

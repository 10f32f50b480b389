/** What the system says of a file or folder, in words. */
export function describeFault(error: unknown): string {
  switch ((error as NodeJS.ErrnoException).code) {
    case 'ENOENT': return 'it does not exist';
    case 'EACCES': case 'EPERM': return 'permission denied';
    case 'EROFS': return 'the file system is read-only';
    case 'ELOOP': return 'its symbolic links lead in a circle';
    case 'ESTALE': case 'ENOTCONN': return 'its mount does not answer any more; mount it again';
    default: return (error as Error).message;
  }
}

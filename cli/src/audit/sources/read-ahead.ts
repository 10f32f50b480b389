export interface Remote {
  readonly size: number;
  read(): Promise<Buffer>;
}

const AT_ONCE = 16;
const AT_ONCE_BYTES = 64 * 1024 * 1024;

/** Fetches the next files in the list while one is processed, limited by number and by size in memory. */
export class ReadAhead {
  private readonly files: Remote[] = [];
  private readonly underWay = new Map<number, Promise<Buffer>>();
  private bytes = 0;
  /** All files before this index were requested. */
  private next = 0;

  /** Adds a file. Returns a function that fetches it, to be called once. */
  add(file: Remote): () => Promise<Buffer> {
    const index = this.files.push(file) - 1;
    return async () => this.take(index);
  }

  private async take(index: number): Promise<Buffer> {
    const reading = this.underWay.get(index) ?? this.start(index);
    this.next = Math.max(this.next, index + 1);
    while (this.next < this.files.length && this.underWay.size < AT_ONCE
      && this.bytes + this.files[this.next].size <= AT_ONCE_BYTES) {
      void this.start(this.next++);
    }
    try {
      return await reading;
    } finally {
      this.underWay.delete(index);
      this.bytes -= this.files[index].size;
    }
  }

  private start(index: number): Promise<Buffer> {
    const { size, read } = this.files[index];
    const reading = read();
    // Handled by the caller that takes the file.
    reading.catch(() => undefined);
    this.underWay.set(index, reading);
    this.bytes += size;
    return reading;
  }
}

/** Splits text into lines, without line ends and empty lines. */
export class Lines {
  private rest = '';
  /** Whether the current line is too long, and its start was discarded. */
  private isTooLong = false;

  /** Calls `tooLong` instead of `give` for a line with more than `most` characters. */
  constructor(
    private readonly give: (line: string) => void, private readonly most: number, private readonly tooLong: () => void,
  ) {}

  push(piece: string): void {
    const lines = (this.rest + piece).split('\n');
    this.rest = lines.pop() ?? '';
    lines.forEach((line) => this.line(line));
    if (this.rest.length > this.most) {
      this.rest = '';
      this.isTooLong = true;
    }
  }

  end(): void {
    this.line(this.rest);
    this.rest = '';
  }

  private line(text: string): void {
    if (this.isTooLong) {
      this.isTooLong = false;
      this.tooLong();
      return;
    }
    const line = text.endsWith('\r') ? text.slice(0, -1) : text;
    if (line.trim() !== '') {
      this.give(line);
    }
  }
}

/** Parses CSV (RFC 4180). Passes on each row after the header, keyed by lowercase column name. */
export class CsvRows {
  private names?: string[];
  private row: string[] = [];
  private cell = '';
  private quoted = false;
  /** Whether the last character was a quotation mark in a quoted cell: its end, or the first half of an escaped one. */
  private quote = false;
  private begun = false;

  constructor(
    private readonly give: (row: ReadonlyMap<string, string>) => void, private readonly cutOff: () => void,
  ) {}

  push(piece: string): void {
    let from = 0;
    for (let at = 0; at < piece.length; at++) {
      const character = piece[at];
      if (this.quoted && !this.quote) {
        if (character === '"') {
          this.cell += piece.slice(from, at);
          this.quote = true;
        }
        continue;
      }
      if (this.quote) {
        this.quote = false;
        if (character === '"') {
          this.cell += '"';
          from = at + 1;
          continue;
        }
        this.quoted = false;
        from = at;
      }
      if (character === '"' && this.cell === '' && from === at) {
        this.quoted = true;
        this.begun = true;
        from = at + 1;
      } else if (character === ',' || character === '\n') {
        this.cell += piece.slice(from, at);
        this.endCell();
        from = at + 1;
        if (character === '\n') {
          this.endRow();
        }
      } else {
        this.begun = true;
      }
    }
    if (!this.quote) {
      this.cell += piece.slice(from);
    }
  }

  end(): void {
    if (this.quoted && !this.quote) {
      this.cutOff();
    } else if (this.begun) {
      this.endCell();
      this.endRow();
    }
  }

  private endCell(): void {
    this.row.push(this.cell);
    this.cell = '';
  }

  private endRow(): void {
    const { names, row } = this;
    row[row.length - 1] = row[row.length - 1].replace(/\r$/, '');
    if (!names) {
      this.names = row.map((name) => name.replace(/^\ufeff/, '').toLowerCase());
    } else if (this.begun) {
      this.give(new Map(row.map((cell, index) => [names[index] ?? `${index}`, cell])));
    }
    this.row = [];
    this.begun = false;
    this.quoted = false;
  }
}

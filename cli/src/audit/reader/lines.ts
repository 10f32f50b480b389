/** Gives each line that is not empty, without its end. */
export class Lines {
  private rest = '';
  /** Of the line that `rest` is the end of, nothing is held any more. */
  private isTooLong = false;

  /** Of a line with more characters than `most`, only `tooLong` is told. */
  constructor(private readonly give: (line: string) => void, private readonly most: number, private readonly tooLong: () => void) {}

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

/** Gives each row below the first, by the names in the first in lower case (RFC 4180). */
export class CsvRows {
  private names?: string[];
  private row: string[] = [];
  private cell = '';
  private quoted = false;
  /** The last character was a quotation mark inside a quoted cell: its end, or the first half of one that is meant. */
  private quote = false;
  private begun = false;

  constructor(private readonly give: (row: ReadonlyMap<string, string>) => void, private readonly cutOff: () => void) {}

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

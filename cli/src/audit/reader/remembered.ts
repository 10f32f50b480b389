/** A cache that drops older entries when it has more than `most`. */
export class Remembered<Key, Value> {
  private recent = new Map<Key, Value>();
  private older = new Map<Key, Value>();

  constructor(private readonly most: number) {}

  get(key: Key): Value | undefined {
    return this.recent.get(key) ?? this.older.get(key);
  }

  set(key: Key, value: Value): void {
    this.recent.set(key, value);
    if (this.recent.size >= this.most) {
      this.older = this.recent;
      this.recent = new Map();
    }
  }
}

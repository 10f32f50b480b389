// Preloaded where the product is built and where its consumer's tests run: there, it is 400 days later.
const Today = Date;
const LATER = 400 * 24 * 60 * 60 * 1000;

globalThis.Date = class Date extends Today {
  constructor(...parts) {
    super(...(parts.length === 0 ? [Today.now() + LATER] : parts));
  }

  static now() {
    return Today.now() + LATER;
  }
};

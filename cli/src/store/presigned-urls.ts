/** Presigned URLs that expire sooner than this are not used. */
const MARGIN_MILLISECONDS = 20_000;
/** If a page is used up within this time, the next page is larger. */
const QUICK_MILLISECONDS = 30_000;
/** A presigned URL younger than this is used regardless of its expiry. */
const FRESH_MILLISECONDS = 1_000;

interface Expiring {
  readonly expiresAt: string;
}

export interface LinkDeskOptions<Task, Link> {
  /** What presigned URLs are needed for; consumed lazily. */
  readonly tasks: Iterable<Task>;
  /** Requests one presigned URL per task from the store, in the same order. */
  readonly ask: (tasks: readonly Task[]) => Promise<readonly Link[]>;
  /** The time of the store's clock. */
  readonly now: () => number;
  readonly firstPage: number;
  readonly largestPage: number;
}

export interface Ticket<Task, Link> {
  readonly task: Task;
  readonly link: Link;
}

/**
 * Hands out tasks, each with a valid presigned URL. URLs are requested on demand, a page at a time. Pages grow while
 * URLs are used quickly and shrink when some expire unused: a slow connection does not waste hundreds of URLs, and a
 * fast one does not wait for each.
 */
export class LinkDesk<Task, Link extends Expiring> {
  private readonly tasks: Iterator<Task>;
  private readonly returned: Task[] = [];
  private ready: Ticket<Task, Link>[] = [];
  private pageSize: number;
  private askedAt = -Infinity;
  private answeredAt = -Infinity;
  private expired = false;
  private asking?: Promise<boolean>;

  constructor(private readonly options: LinkDeskOptions<Task, Link>) {
    this.tasks = options.tasks[Symbol.iterator]();
    this.pageSize = options.firstPage;
  }

  /** Requests the first page, to find out whether the store grants access. */
  async open(): Promise<void> {
    await this.nextPage();
  }

  /** The next task with its presigned URL; undefined if there are no more. */
  async take(): Promise<Ticket<Task, Link> | undefined> {
    for (;;) {
      const ticket = this.ready.shift();
      if (ticket) {
        // A fresh URL is used even if it expires soon: the store may issue only short-lived ones. So each page is used
        // at least once, and the requests for pages end.
        if (!this.expiring(ticket.link) || this.options.now() - this.answeredAt < FRESH_MILLISECONDS) {
          return ticket;
        }
        this.returned.push(ticket.task);
        this.expired = true;
        continue;
      }
      this.asking ??= this.nextPage().finally(() => { this.asking = undefined; });
      if (!await this.asking && this.ready.length === 0) {
        return undefined;
      }
    }
  }

  /** A new presigned URL for a task whose URL expired or was rejected. */
  async renew(task: Task): Promise<Link> {
    return (await this.options.ask([task]))[0];
  }

  expiring(link: Link): boolean {
    return Date.parse(link.expiresAt) - this.options.now() < MARGIN_MILLISECONDS;
  }

  private async nextPage(): Promise<boolean> {
    if (this.expired) {
      this.pageSize = Math.max(1, Math.floor(this.pageSize / 2));
    } else if (this.options.now() - this.askedAt < QUICK_MILLISECONDS) {
      this.pageSize = Math.min(this.options.largestPage, this.pageSize * 2);
    }
    this.expired = false;
    const page: Task[] = [];
    while (page.length < this.pageSize) {
      const task = this.returned.shift() ?? this.nextTask();
      if (task === undefined) {
        break;
      }
      page.push(task);
    }
    if (page.length === 0) {
      return false;
    }
    this.askedAt = this.options.now();
    const links = await this.options.ask(page);
    this.answeredAt = this.options.now();
    this.ready = page.map((task, index) => ({ task, link: links[index] }));
    return true;
  }

  private nextTask(): Task | undefined {
    const next = this.tasks.next();
    return next.done ? undefined : next.value;
  }
}

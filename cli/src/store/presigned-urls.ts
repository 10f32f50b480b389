/** A link that is used this close to its end could die on the way. */
const MARGIN_MILLISECONDS = 20_000;
/** Links that are all taken within this time were too few: the next page is larger. */
const QUICK_MILLISECONDS = 30_000;
/** So long after it came a link counts as fresh. */
const FRESH_MILLISECONDS = 1_000;

interface Expiring {
  readonly expiresAt: string;
}

export interface LinkDeskOptions<Task, Link> {
  /** What links are needed for; taken from as the work goes on. */
  readonly tasks: Iterable<Task>;
  /** Asks the store for links, one for each task, in the same order. */
  readonly ask: (tasks: readonly Task[]) => Promise<readonly Link[]>;
  /** By the store's clock. */
  readonly now: () => number;
  readonly firstPage: number;
  readonly largestPage: number;
}

export interface Ticket<Task, Link> {
  readonly task: Task;
  readonly link: Link;
}

/**
 * Hands out tasks, each with a link that is still good. Links are asked for a page at a time, when they are needed: pages
 * grow while links are used up quickly, and shrink when some lay so long that they expired. A slow line therefore never
 * holds hundreds of links that die unused, and a fast one never waits for a single one.
 */
export class LinkDesk<Task, Link extends Expiring> {
  private readonly tasks: Iterator<Task>;
  private readonly returned: Task[] = [];
  private ready: Ticket<Task, Link>[] = [];
  private pageSize: number;
  private askedAt = -Infinity;
  private expired = false;
  private asking?: Promise<boolean>;

  constructor(private readonly options: LinkDeskOptions<Task, Link>) {
    this.tasks = options.tasks[Symbol.iterator]();
    this.pageSize = options.firstPage;
  }

  /** Asks for the first links before anybody takes one, for whoever has to know first whether the store gives any. */
  async open(): Promise<void> {
    await this.nextPage();
  }

  /** The next task with its link; undefined when all are handed out. */
  async take(): Promise<Ticket<Task, Link> | undefined> {
    for (;;) {
      const ticket = this.ready.shift();
      if (ticket) {
        // A link straight from the store is as good as links of this store get, however short they live.
        if (!this.expiring(ticket.link) || this.options.now() - this.askedAt < FRESH_MILLISECONDS) {
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

  /** A link for a task whose link expired or was refused. */
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
    this.ready = page.map((task, index) => ({ task, link: links[index] }));
    return true;
  }

  private nextTask(): Task | undefined {
    const next = this.tasks.next();
    return next.done ? undefined : next.value;
  }
}

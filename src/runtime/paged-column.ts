type Numbers = Float64Array | Uint32Array | Uint16Array | Uint8Array;
export type Pages = (Numbers | undefined)[];

const PAGE_BITS = 14;
const PAGE_ITEMS = 1 << PAGE_BITS;
const PLACE_IN_PAGE = PAGE_ITEMS - 1;

/**
 * Numbers by place, 0 where none was put. It grows without moving what is there, which would stop
 * the lab for the time that it takes, and lets go of what is old page by page.
 */
export class PagedColumn {
  /** `pages` are those of another one of its kind, which may not be used any more. */
  constructor(
    private readonly kind: new (items: number) => Numbers,
    readonly pages: Pages = [],
  ) {}

  get(at: number): number {
    return this.pages[at >>> PAGE_BITS]?.[at & PLACE_IN_PAGE] ?? 0;
  }

  set(at: number, value: number): void {
    const number = at >>> PAGE_BITS;
    const page = this.pages[number] ?? this.begin(number);
    page[at & PLACE_IN_PAGE] = value;
  }

  /** Lets go of the pages that lie wholly before a place. */
  dropBefore(at: number): void {
    this.pages.fill(undefined, 0, at >>> PAGE_BITS);
  }

  /** Lets go of the pages in which every number is smaller. */
  dropBelow(least: number): void {
    for (const [number, page] of this.pages.entries()) {
      if (page?.every((value) => value < least)) this.pages[number] = undefined;
    }
  }

  get pageCount(): number {
    return this.pages.filter((page) => page !== undefined).length;
  }

  private begin(number: number): Numbers {
    // Without a hole, which would make all of them slow.
    while (this.pages.length < number) this.pages.push(undefined);
    const page = new this.kind(PAGE_ITEMS);
    this.pages[number] = page;
    return page;
  }
}

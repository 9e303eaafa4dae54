interface Page {
	next_cursor: string | null;
	total: number;
	items: readonly unknown[];
}

/** Where one is in a list that is read page by page: the cursors of the pages before, so that one can go back. */
export class Pages {
	#cursors: (string | null)[] = $state.raw([null]);

	constructor(readonly size = 50) {}

	/** What the server is asked for. */
	get query(): { limit: number; cursor?: string } {
		const cursor = this.#cursors.at(-1);
		return { limit: this.size, ...(cursor ? { cursor } : {}) };
	}

	get first(): boolean {
		return this.#cursors.length === 1;
	}

	/** Rows before this page. */
	get skipped(): number {
		return (this.#cursors.length - 1) * this.size;
	}

	next(page: Page): void {
		if (page.next_cursor !== null) this.#cursors = [...this.#cursors, page.next_cursor];
	}

	previous(): void {
		if (!this.first) this.#cursors = this.#cursors.slice(0, -1);
	}

	/** After another sort or filter: what the cursors pointed into is gone. */
	reset(): void {
		if (!this.first) this.#cursors = [null];
	}
}

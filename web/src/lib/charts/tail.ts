import type { BarSource, Span, Supply } from './bar-source';
import type { Candles } from './candles.svelte';
import type { Columns } from './columns';

/** So many bars are drawn at first, so many more when one scrolls, and so many are fetched at once. */
const TAIL = 3_000;
const STEP = 4_000;
const PAGE = 10_000;
/** So near to an end of what is drawn, more is drawn. */
const NEAR = 200;
/** More bars than this at once are not drawn one by one. */
const BATCH = 120;
const HIDDEN = 1_000;
const SHOWN = 160;

/**
 * Bars without a beginning: the newest first, older ones page by page, and those that come while one looks. The library is given a stretch of the store, which moves with what is looked
 * at: handing it a hundred thousand bars would make every change cost milliseconds.
 */
export class Tail implements Supply {
	#exhausted = false;
	#paging: Promise<void> | null = null;
	#came: Columns[] = [];
	#frame = 0;
	#timer: ReturnType<typeof setTimeout> | undefined;
	#leave: (() => void) | undefined;

	constructor(
		readonly candles: Candles,
		readonly source: BarSource
	) {}

	async begin(): Promise<void> {
		await this.#page(TAIL);
		if (this.candles.gone) return;
		if (this.candles.store.length) this.goHome();
		this.#leave ??= this.source.follow?.((newer) => this.#push(newer));
	}

	end(): void {
		this.#leave?.();
		cancelAnimationFrame(this.#frame);
		clearTimeout(this.#timer);
	}

	async retry(): Promise<void> {
		this.#exhausted = false;
		if (this.candles.store.length === 0) await this.begin();
		else await this.#page(PAGE);
	}

	async goTo(time: number): Promise<void> {
		const { candles } = this;
		const { store } = candles;
		const half = SHOWN / 2;
		await this.#paging;
		while (!candles.gone && !this.#exhausted && store.time(Math.min(half, store.length - 1)) > time)
			await this.#page(PAGE);
		if (candles.gone || store.length === 0) return;
		const place = Math.max(0, store.placeAt(time));
		const visible = candles.visible;
		const width = Math.min(Math.max(visible ? visible.to - visible.from : 0, half), 4 * SHOWN);
		if (place - width < candles.from || place + width > candles.to)
			candles.draw(Math.max(0, place - STEP / 2), Math.min(store.length, place + STEP / 2));
		candles.look({ from: place - candles.from - width / 2, to: place - candles.from + width / 2 });
		candles.point(store.time(place));
	}

	/** The library's own way there moves, and looks like somebody scrolling. */
	goHome(): void {
		const { candles } = this;
		candles.draw(Math.max(0, candles.store.length - TAIL), candles.store.length);
		candles.chart.timeScale().scrollToPosition(8, false);
		candles.point(null);
	}

	moved({ from, to }: Span): boolean {
		const { candles } = this;
		const drawn = candles.to - candles.from;
		const more = candles.to < candles.store.length;
		if (from < NEAR) requestAnimationFrame(() => void this.#extendLeft());
		else if (more && to > drawn - NEAR) requestAnimationFrame(() => this.#extendRight());
		return !more && to >= drawn - 1;
	}

	settled(): void {}

	/** What comes waits for the next frame, or a while where nobody sees it. */
	#push(newer: Columns): void {
		this.#came.push(newer);
		if (this.#frame || this.#timer) return;
		if (document.hidden) this.#timer = setTimeout(() => this.#flush(), HIDDEN);
		else this.#frame = requestAnimationFrame(() => this.#flush());
	}

	#flush(): void {
		this.#frame = 0;
		this.#timer = undefined;
		const { candles } = this;
		const { store } = candles;
		const before = store.length;
		const followed = candles.to === before && candles.home;
		let first = Infinity;
		for (const newer of this.#came) first = Math.min(first, store.append(newer));
		this.#came = [];
		candles.bars = store.length;
		if (first >= store.length) return;
		if (before === 0) this.goHome();
		// Whoever looks at the past is not disturbed; what has changed there is drawn with the next stretch.
		else if (!followed) return;
		else if (first < before - 1) candles.draw(candles.from, store.length);
		else if (store.length - first > BATCH) this.goHome();
		else candles.update(first);
	}

	/** The page before what is known; one at a time. */
	#page(rows: number): Promise<void> {
		this.#paging ??= this.#fetch(rows).finally(() => (this.#paging = null));
		return this.#paging;
	}

	async #fetch(rows: number): Promise<void> {
		const { candles } = this;
		candles.loading = true;
		candles.failure = null;
		try {
			const older = await this.source.before(candles.store.length ? candles.store.time(0) : null, rows);
			if (!candles.gone) this.#exhausted = candles.prepend(older) === 0;
		} catch (failure) {
			candles.failure = failure;
			this.#exhausted = true;
		} finally {
			candles.loading = false;
		}
	}

	/** Draws older bars, from the store or from the server; what has gone far out of view at the other side is let go of. */
	async #extendLeft(): Promise<void> {
		const { candles } = this;
		const range = candles.visible;
		if (candles.gone || this.#paging || !range || range.from >= NEAR) return;
		const step = Math.max(STEP, Math.ceil(range.to - range.from));
		if (candles.from < step && !this.#exhausted) await this.#page(Math.max(PAGE, step));
		if (candles.gone || candles.from === 0) return;
		const end = Math.ceil(candles.from + range.to) + 2 * STEP;
		candles.draw(Math.max(0, candles.from - step), Math.min(candles.to, end));
		candles.moved();
	}

	#extendRight(): void {
		const { candles } = this;
		const range = candles.visible;
		if (candles.gone || !range || candles.to === candles.store.length) return;
		const begin = Math.max(candles.from, Math.floor(candles.from + range.from) - 2 * STEP);
		candles.draw(begin, Math.min(candles.store.length, candles.to + STEP));
		candles.moved();
	}
}

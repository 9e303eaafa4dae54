import type { Candles } from './candles.svelte';
import { clipped, within, type Span, type Supply, type WindowSource } from './bar-source';

/** A trade is shown with so many bars around it, of so many that are fetched. */
const SHOWN = 160;
const FETCHED = 1_280;
/** Fewer points a pixel than this, where there are more bars than points, and a finer window is asked for. */
const COARSE = 0.6;
const MOST = 4_000;

/** A stretch that has an end, seen through windows: the whole first, then finer ones where somebody looks closer. */
export class Windows implements Supply {
	/** The window that is drawn, and how many were asked for. */
	#window: Span = { from: -Infinity, to: Infinity };
	#asked = 0;

	constructor(
		readonly candles: Candles,
		readonly whole: WindowSource
	) {}

	async begin(): Promise<void> {
		const { candles, whole } = this;
		if (!(await this.#open(whole, whole))) return;
		candles.look({ from: 0, to: candles.store.length - 1 });
		candles.point(null);
	}

	retry(): Promise<void> {
		return this.begin();
	}

	goHome(): void {
		void this.begin();
	}

	async goTo(time: number): Promise<void> {
		const { candles, whole } = this;
		const around = (bars: number): Span => ({
			from: time - (bars / 2) * whole.each,
			to: time + (bars / 2) * whole.each
		});
		const shown = around(SHOWN);
		const fine = candles.step <= 1.5 * whole.each && within(clipped(shown, whole), this.#window);
		if (!fine && !(await this.#open(around(FETCHED), shown))) return;
		candles.look({ from: candles.logicalOf(shown.from), to: candles.logicalOf(shown.to) });
		candles.point(candles.store.time(Math.max(0, candles.store.placeAt(time))));
	}

	moved({ from, to }: Span): boolean {
		return from <= 1 && to >= this.candles.store.length - 2 && within(this.whole, this.#window);
	}

	/** A finer window where one looks closer, the next one where one looks farther. */
	settled(): void {
		const { candles, whole } = this;
		const { view } = candles;
		if (!view) return;
		const width = view.to - view.from;
		const wanted = clipped({ from: view.from - width / 2, to: view.to + width / 2 }, whole);
		const near = clipped({ from: view.from - width / 4, to: view.to + width / 4 }, whole);
		const coarse = candles.step > 1.5 * whole.each && width / candles.step < COARSE * candles.pixels;
		if (!coarse && within(near, this.#window)) return;
		if (within(wanted, this.#window) && within(this.#window, wanted)) return;
		void this.#open(wanted, view);
	}

	end(): void {}

	/**
	 * Draws another window in which `view` will be looked at, in one point a pixel of it: more nobody sees, and each is drawn at every frame.
	 * Answers whether it is drawn: not where another was asked for in between, or none came.
	 */
	async #open(wanted: Span, view: Span): Promise<boolean> {
		const { candles, whole } = this;
		const asked = (this.#asked += 1);
		const window = clipped(wanted, whole);
		const share = (window.to - window.from) / (view.to - view.from);
		candles.failure = null;
		try {
			const columns = await whole.window(window, Math.min(MOST, Math.ceil(share * candles.pixels)));
			await candles.letGo();
			if (candles.gone || asked !== this.#asked) return false;
			this.#window = window;
			candles.exchange(columns);
			return candles.store.length > 0;
		} catch (failure) {
			if (asked === this.#asked) candles.failure = failure;
			return false;
		} finally {
			if (asked === this.#asked) candles.loading = false;
		}
	}
}

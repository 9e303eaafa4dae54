import { createChart, type IChartApi, type Logical } from 'lightweight-charts';
import { BarPicker } from './bar-picker';
import { BarStore } from './bar-store';
import type { Line, Source, Span, Supply } from './bar-source';
import type { Columns } from './columns';
import { look } from './look';
import { BarSeries, type Label } from './series';
import { Tail } from './tail';
import { tones } from './tones';
import { Marks, TradeMarks, type Mark } from './trade-marks';
import { Windows } from './windows';

/** What the crosshair stands on; without one, the last bar. */
export interface Reading {
	time: number;
	open: number;
	high: number;
	low: number;
	close: number;
	volume: number;
	values: Record<string, number>;
}

interface Pane {
	top: number;
	lines: readonly Label[];
}

/** A view that has not moved for so many milliseconds has come to rest. */
const SETTLED = 120;

/** Candles with what belongs to them, marks over them, and what the crosshair reads off; which bars those are, its supply says. */
export class Candles {
	reading: Reading | null = $state.raw(null);
	panes: Pane[] = $state.raw([]);
	loading = $state(true);
	failure: unknown = $state.raw(null);
	bars = $state(0);
	/** Whether it shows what it began with: the newest bar, or the whole. */
	home = $state(true);
	/** What is looked at since the view came to rest. */
	view: Span | null = $state.raw(null);

	readonly chart: IChartApi;
	readonly supply: Supply;
	readonly picker: BarPicker;
	store = new BarStore();
	/** What of the store is drawn. */
	from = 0;
	to = 0;
	gone = false;

	#series: BarSeries | null = null;
	#lines: readonly Line[];
	#marks: TradeMarks;
	#tones = tones();
	#container: HTMLElement;
	#drawing = false;
	#held = false;
	#settling: ReturnType<typeof setTimeout> | undefined;
	#listening = new AbortController();
	/** The time that is read off; null reads the newest bar. */
	#pointed: number | null = null;

	constructor(container: HTMLElement, source: Source, lines: readonly Line[]) {
		this.#container = container;
		this.#lines = lines;
		const windowed = 'window' in source;
		this.chart = createChart(container, {
			...look(this.#tones),
			timeScale: {
				...look(this.#tones).timeScale,
				rightOffset: 8,
				// The library's own conflation loses its place when its data is exchanged, and then draws nothing more. A few thousand points
				// need none: a window comes thinned, and of bars so many fit into the view.
				minBarSpacing: windowed ? 0.05 : 0.25
			}
		});
		this.#marks = new TradeMarks(
			{ logicalAt: (time) => this.#logicalAt(time), timeAt: (logical) => this.#timeAt(logical) },
			this.#tones
		);
		const goTo = (time: number) => void this.supply.goTo(time);
		this.picker = new BarPicker(windowed ? source.each : Infinity, goTo, this.#tones);
		this.supply = windowed ? new Windows(this, source) : new Tail(this, source);
		this.chart.subscribeCrosshairMove((event) => this.point((event.time as number | undefined) ?? null));
		this.chart.timeScale().subscribeVisibleLogicalRangeChange(() => this.moved());
		this.chart.timeScale().subscribeSizeChange(() => this.#place());
		// Bars that were exchanged under a hand that drags would leap.
		const { signal } = this.#listening;
		container.addEventListener('pointerdown', () => (this.#held = true), { signal });
		for (const end of ['pointerup', 'pointercancel'] as const)
			window.addEventListener(end, () => this.#release(), { signal });
		void this.supply.begin();
	}

	get digits(): number {
		return this.#series?.digits ?? 2;
	}

	// What a page does with it

	/** By a share of what is in view; what the arrow keys do. */
	scroll(share: number): void {
		const range = this.visible;
		if (!range) return;
		const shift = (range.to - range.from) * share;
		this.look({ from: range.from + shift, to: range.to + shift });
	}

	/** Less than one shows fewer bars. */
	zoom(factor: number): void {
		const range = this.visible;
		if (range) this.look({ from: range.to - (range.to - range.from) * factor, to: range.to });
	}

	mark(marks: readonly Mark[]): void {
		this.#marks.marks = new Marks(marks);
		this.#marks.redraw();
	}

	select(id: number | null): void {
		this.#marks.selected = id;
		this.#marks.redraw();
	}

	/** After the theme, the language or the time zone has changed: the chart stays and is written anew. */
	restyle(): void {
		const before = this.#tones;
		this.#tones = this.#marks.tones = this.picker.tones = tones();
		this.chart.applyOptions(look(this.#tones));
		this.#series?.restyle(this.#tones);
		if (before.surface !== this.#tones.surface && this.#series) {
			this.draw(this.from, this.to); // each volume bar carries its own colour
			this.#label();
		}
	}

	destroy(): void {
		this.gone = true;
		clearTimeout(this.#settling);
		this.#listening.abort();
		this.chart.remove();
	}

	// What its supply does with it

	/** Older bars come into the store; answers how many. What is drawn stays. */
	prepend(older: Columns): number {
		const came = this.store.prepend(older);
		this.from += came;
		this.to += came;
		this.bars = this.store.length;
		return came;
	}

	/** Other bars instead of all that are there; the same stretch of time is looked at. */
	exchange(columns: Columns): void {
		const { now: view } = this;
		this.store = new BarStore();
		this.store.append(columns);
		this.bars = this.store.length;
		if (this.bars === 0) return;
		this.#drawing = true;
		this.#series?.clear();
		this.draw(0, this.bars);
		if (view) this.look({ from: this.logicalOf(view.from), to: this.logicalOf(view.to) });
	}

	/** Hands a stretch of the store to the library; what is looked at stays where it is. */
	draw(from: number, to: number): void {
		const { visible } = this;
		const shift = this.from - from;
		this.#drawing = true;
		this.from = from;
		this.to = to;
		if (!this.#series) {
			this.#series = new BarSeries(this.chart, this.#tones, this.store, [this.picker, this.#marks]);
			this.#painted(() => this.#complete());
		}
		this.#series.draw(this.store, from, to);
		if (visible && shift) this.look({ from: visible.from + shift, to: visible.to + shift });
		this.#drawing = false;
		this.#read();
	}

	look(range: Span): void {
		this.chart.timeScale().setVisibleLogicalRange(range);
	}

	/** Reads off another bar: the one at a time, or the newest. */
	point(time: number | null): void {
		if (time === this.#pointed) return;
		this.#pointed = time;
		this.#read();
	}

	moved(): void {
		const range = this.visible;
		if (!range || this.#drawing || !this.#series) return;
		this.home = this.supply.moved(range);
		this.#settle();
	}

	/** While somebody drags, waits until they let go. */
	async letGo(): Promise<void> {
		while (this.#held && !this.gone) await new Promise((resume) => setTimeout(resume, SETTLED));
	}

	/** In places of what is drawn, which may lie beyond it on either side. */
	get visible(): Span | null {
		return this.chart.timeScale().getVisibleLogicalRange();
	}

	/** What is looked at this moment, in seconds since 1970. */
	get now(): Span | null {
		const range = this.visible;
		if (!range || this.store.length < 2) return null;
		const at = (logical: number) => {
			const place = Math.min(this.to - 1, Math.max(0, this.from + Math.floor(logical)));
			return this.store.time(place) + (this.from + logical - place) * this.step;
		};
		return { from: at(range.from), to: at(range.to) };
	}

	/** Where a time stands among all bars, between two of them too. */
	logicalOf(time: number): number {
		const place = Math.max(0, this.store.placeAt(time));
		return place + (time - this.store.time(place)) / this.step;
	}

	/** Seconds from bar to bar, on average; without bars nothing is far. */
	get step(): number {
		const last = this.store.length - 1;
		return last < 1 ? Infinity : (this.store.time(last) - this.store.time(0)) / last;
	}

	/** How many the screen has from side to side. */
	get pixels(): number {
		return Math.max(300, Math.ceil(this.#container.clientWidth * window.devicePixelRatio));
	}

	#release(): void {
		if (!this.#held) return;
		this.#held = false;
		this.#settle();
	}

	#settle(): void {
		clearTimeout(this.#settling);
		this.#settling = setTimeout(() => {
			if (this.#held) return;
			this.view = this.now;
			this.supply.settled();
		}, SETTLED);
	}

	#logicalAt(time: number): Logical | null {
		if (!Number.isFinite(time)) return null;
		const place = this.store.placeAt(time);
		return place < 0 ? null : ((place - this.from) as Logical);
	}

	#timeAt(logical: number): number {
		const place = Math.floor(this.from + logical);
		if (place < 0) return -Infinity;
		return place + 1 >= this.store.length ? Infinity : this.store.time(place);
	}

	// What is written

	#read(): void {
		const { store } = this;
		if (store.length === 0) return;
		const place = this.#pointed === null ? store.length - 1 : Math.max(0, store.placeAt(this.#pointed));
		this.reading = {
			time: store.time(place),
			open: store.value('open', place),
			high: store.value('high', place),
			low: store.value('low', place),
			close: store.value('close', place),
			volume: store.value('volume', place),
			values: Object.fromEntries(store.names.map((name) => [name, store.value(name, place)]))
		};
	}

	/** All panes at once would be a task of a tenth of a second, so what belongs to the candles comes when they are on the screen. */
	#complete(): void {
		this.#series?.complete(this.store, this.#lines, this.from, this.to);
		this.#place();
	}

	/** Calls back when what is drawn by now has been painted. */
	#painted(then: () => void): void {
		requestAnimationFrame(() => setTimeout(() => this.gone || then()));
	}

	/** Where the labels of the panes stand. */
	#place(): void {
		requestAnimationFrame(() => {
			if (!this.gone) this.#label();
		});
	}

	#label(): void {
		let top = 0;
		const tops = this.chart.panes().map((pane) => {
			const here = top;
			top += pane.getHeight() + 1;
			return here;
		});
		this.panes = (this.#series?.labels ?? []).map((lines, pane) => ({ top: tops[pane] ?? 0, lines }));
	}
}

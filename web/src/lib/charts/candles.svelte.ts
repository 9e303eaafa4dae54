import {
	AreaSeries,
	CandlestickSeries,
	createChart,
	HistogramSeries,
	LineSeries,
	type IChartApi,
	type ISeriesApi,
	type Logical,
	type LogicalRange,
	type UTCTimestamp
} from 'lightweight-charts';
import { percent, ratio } from '$lib/format';
import { BarStore } from './bar-store';
import { beside, EMPTY, type Columns } from './columns';
import { candleLook, drawdownLook, equityLook, lineLook, look } from './look';
import { lineTones, tones, type Tones } from './tones';
import { Marks, TradeMarks, type Mark } from './trade-marks';

/** Where bars come from, page by page towards the past. */
export interface BarSource {
	/** At most `rows` bars that open before `time` (seconds since 1970; null asks for the newest), oldest first; none where there are no more. */
	before(time: number | null, rows: number): Promise<Columns>;
}

/**
 * A stretch that has an end, which is drawn as a whole first and finer where it is looked at closer: every window of it comes in as many
 * points as a screen can show, so that a million bars cost no more than a thousand.
 */
export interface WindowSource {
	/** Seconds since 1970. */
	readonly from: number;
	readonly to: number;
	/** Seconds from bar to bar, on average. */
	readonly each: number;
	window(from: number, to: number): Promise<Columns>;
}

export type Source = BarSource | WindowSource;

/** A column that is drawn as a line: over the candles where `pane` is `price`, else in a pane that lines of the same name share. */
export interface Line {
	column: string;
	label: string;
	pane: string;
}

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

export interface PaneLabel {
	top: number;
	lines: { column: string; label: string; color: string; text: (value: number) => string }[];
}

const TAIL = 3_000;
const STEP = 4_000;
const PAGE = 10_000;
/** So near to an end of what is drawn, more is drawn. */
const NEAR = 200;
const BATCH = 120;
const READ_EVERY = 125;
const SHOWN_AROUND_A_TRADE = 160;
/** Fewer points in view than this, where there are more bars than points, and a finer window is asked for. */
const COARSE = 600;
const SETTLED = 120;
/** The label of a pane stands at its top; lines begin below. */
const UNDER_A_LABEL = { top: 0.32, bottom: 0.1 };

type AnySeries =
	ISeriesApi<'Candlestick'> | ISeriesApi<'Histogram'> | ISeriesApi<'Area'> | ISeriesApi<'Line'>;

interface Drawn {
	series: AnySeries;
	point: (place: number) => Parameters<AnySeries['update']>[0];
	restyle: (tones: Tones) => void;
}

/** As many digits as a price of this size is quoted with. */
export function digitsOf(price: number): number {
	if (!Number.isFinite(price) || price <= 0) return 2;
	return Math.min(8, Math.max(1, 5 - Math.floor(Math.log10(price))));
}

/**
 * Candles with what belongs to them, over a store that holds all bars. The library is given a stretch of them, which moves with what is
 * looked at: handing it a hundred thousand bars would make every change cost milliseconds.
 */
export class Candles {
	reading: Reading | null = $state.raw(null);
	panes: PaneLabel[] = $state.raw([]);
	loading = $state(true);
	/** Whether the newest bar is in view. */
	latest = $state(true);
	failure: unknown = $state.raw(null);
	bars = $state(0);

	#store = new BarStore();
	#source: BarSource;
	#whole: WindowSource | null;
	/** The window that is drawn, and how many were asked for. */
	#window = { from: -Infinity, to: Infinity };
	#asked = 0;
	#settling: ReturnType<typeof setTimeout> | undefined;
	#held = false;
	#letGo = new AbortController();
	#chart: IChartApi;
	#marks: TradeMarks;
	#drawn: Drawn[] = [];
	#labels: { pane: number; lines: PaneLabel['lines'] }[] = [];
	#tones: Tones = tones();
	#lines: readonly Line[];
	#digits = 2;
	/** What of the store is drawn. */
	#from = 0;
	#to = 0;
	#exhausted = false;
	#paging: Promise<void> | null = null;
	#drawing = false;
	#gone = false;
	#queue: Columns[] = [];
	#frame = 0;
	#timer: ReturnType<typeof setTimeout> | undefined;
	#readAt = 0;
	/** The time that is read off; null reads the newest bar. */
	#pointed: number | null = null;

	constructor(container: HTMLElement, source: Source, lines: readonly Line[]) {
		this.#whole = 'window' in source ? source : null;
		this.#source = 'window' in source ? here(EMPTY) : source;
		this.#lines = lines;
		this.#chart = createChart(container, {
			...look(this.#tones),
			timeScale: {
				...look(this.#tones).timeScale,
				rightOffset: 8,
				// The library's own conflation loses its place when its data is exchanged, and then draws nothing more. A few thousand points
				// need none: a window comes thinned, and of bars so many fit into the view.
				minBarSpacing: 'window' in source ? 0.05 : 0.25
			}
		});
		this.#marks = new TradeMarks(
			{ logicalAt: (time) => this.#logicalAt(time), timeAt: (logical) => this.#timeAt(logical) },
			this.#tones
		);
		this.#chart.subscribeCrosshairMove((event) => {
			this.#pointed = (event.time as number | undefined) ?? null;
			this.#read(true);
		});
		this.#chart.timeScale().subscribeVisibleLogicalRangeChange((range) => this.#moved(range));
		this.#chart.timeScale().subscribeSizeChange(() => this.#place());
		// Bars that were exchanged under a hand that drags would leap.
		const { signal } = this.#letGo;
		container.addEventListener('pointerdown', () => (this.#held = true), { signal });
		for (const end of ['pointerup', 'pointercancel'] as const)
			window.addEventListener(end, () => this.#release(), { signal });
		void this.#begin();
	}

	/** Whether it shows a stretch that has an end. */
	get windowed(): boolean {
		return this.#whole !== null;
	}

	// What a page does with it

	/** Shows the bar at a time in the middle, fetching what lies between where it must. */
	async goTo(time: number): Promise<void> {
		if (this.#whole) return this.#goInto(this.#whole, time);
		const half = SHOWN_AROUND_A_TRADE / 2;
		await this.#paging;
		while (!this.#gone && !this.#exhausted && this.#store.time(Math.min(half, this.#store.length - 1)) > time)
			await this.#page();
		if (this.#gone || this.#store.length === 0) return;
		const place = Math.max(0, this.#store.placeAt(time));
		const visible = this.#chart.timeScale().getVisibleLogicalRange();
		const width = Math.min(Math.max(visible ? visible.to - visible.from : 0, half), 4 * SHOWN_AROUND_A_TRADE);
		if (place - width < this.#from || place + width > this.#to)
			this.#draw(Math.max(0, place - STEP / 2), Math.min(this.#store.length, place + STEP / 2));
		this.#look({ from: place - this.#from - width / 2, to: place - this.#from + width / 2 });
		this.#pointed = this.#store.time(place);
		this.#read(true);
	}

	/** Back to the newest bar, or to the whole; the library's own way there moves, and looks like somebody scrolling. */
	goToLatest(): void {
		if (this.#whole) return void this.#overview(this.#whole);
		this.#draw(Math.max(0, this.#store.length - TAIL), this.#store.length);
		this.#chart.timeScale().scrollToPosition(8, false);
		this.#pointed = null;
		this.#read(true);
	}

	/** By a share of what is in view; what the arrow keys do. */
	scroll(share: number): void {
		const range = this.#chart.timeScale().getVisibleLogicalRange();
		if (!range) return;
		const shift = (range.to - range.from) * share;
		this.#look({ from: range.from + shift, to: range.to + shift });
	}

	/** Less than one shows fewer bars. */
	zoom(factor: number): void {
		const range = this.#chart.timeScale().getVisibleLogicalRange();
		if (range) this.#look({ from: range.to - (range.to - range.from) * factor, to: range.to });
	}

	mark(marks: readonly Mark[]): void {
		this.#marks.marks = new Marks(marks);
		this.#marks.redraw();
	}

	select(id: number | null): void {
		this.#marks.selected = id;
		this.#marks.redraw();
	}

	/** Bars that closed just now. They wait for the next frame, or a second while the page is hidden. */
	push(newer: Columns): void {
		this.#queue.push(newer);
		if (this.#frame || this.#timer) return;
		if (document.hidden) this.#timer = setTimeout(() => this.#flush(), 1000);
		else this.#frame = requestAnimationFrame(() => this.#flush());
	}

	/** After the theme, the language or the time zone has changed: the chart stays and is written anew. */
	restyle(): void {
		const before = this.#tones;
		this.#tones = this.#marks.tones = tones();
		this.#chart.applyOptions(look(this.#tones));
		for (const each of this.#drawn) each.restyle(this.#tones);
		if (before.surface !== this.#tones.surface && this.#store.length) {
			this.#draw(this.#from, this.#to); // each volume bar carries its own colour
			this.#label();
		}
	}

	destroy(): void {
		this.#gone = true;
		cancelAnimationFrame(this.#frame);
		clearTimeout(this.#timer);
		clearTimeout(this.#settling);
		this.#letGo.abort();
		this.#chart.remove();
	}

	// Bars

	async #begin(): Promise<void> {
		if (this.#whole) return this.#overview(this.#whole);
		await this.#page(TAIL);
		if (this.#gone) return;
		this.#compose();
		this.goToLatest();
		this.#place();
	}

	/** The page before what is known; one at a time. */
	#page(rows = PAGE): Promise<void> {
		this.#paging ??= this.#fetch(rows).finally(() => (this.#paging = null));
		return this.#paging;
	}

	async #fetch(rows: number): Promise<void> {
		this.loading = true;
		this.failure = null;
		try {
			const older = await this.#source.before(this.#store.length ? this.#store.time(0) : null, rows);
			if (this.#gone) return;
			const came = this.#store.prepend(older);
			this.#from += came;
			this.#to += came;
			this.#exhausted = came === 0;
			this.bars = this.#store.length;
		} catch (failure) {
			this.failure = failure;
			this.#exhausted = true;
		} finally {
			this.loading = false;
		}
	}

	/** Asks again for what did not come. */
	async retry(): Promise<void> {
		if (this.#whole) return this.#overview(this.#whole);
		this.#exhausted = false;
		if (this.#drawn.length === 0) await this.#begin();
		else await this.#page();
	}

	#flush(): void {
		this.#frame = 0;
		this.#timer = undefined;
		const before = this.#store.length;
		const followed = this.#to === before && this.latest;
		const last = before ? this.#store.time(before - 1) : -Infinity;
		for (const newer of this.#queue) this.#store.append(newer);
		this.#queue = [];
		this.bars = this.#store.length;
		if (this.#drawn.length === 0) return;
		const first = Math.max(0, this.#store.placeAt(last));
		if (!followed || this.#whole) return; // whoever looks at the past is not disturbed
		if (this.#store.length - first > BATCH) return this.goToLatest();
		this.#drawing = true;
		for (let place = first; place < this.#store.length; place += 1)
			for (const each of this.#drawn) each.series.update(each.point(place) as never);
		this.#to = this.#store.length;
		this.#drawing = false;
		this.#read(false);
	}

	// Windows

	async #overview(whole: WindowSource): Promise<void> {
		if (!(await this.#open(whole, whole))) return;
		this.#pointed = null;
		this.#look({ from: 0, to: this.#store.length - 1 });
		this.#read(true);
	}

	async #goInto(whole: WindowSource, time: number): Promise<void> {
		const around = (bars: number) => ({
			from: time - (bars / 2) * whole.each,
			to: time + (bars / 2) * whole.each
		});
		const shown = around(SHOWN_AROUND_A_TRADE);
		const fine =
			this.#store.length > 0 &&
			this.#step() <= 1.5 * whole.each &&
			within(clipped(shown, whole), this.#window);
		if (!fine && !(await this.#open(whole, around(TAIL)))) return;
		this.#look({ from: this.#logicalOf(shown.from), to: this.#logicalOf(shown.to) });
		this.#pointed = this.#store.time(Math.max(0, this.#store.placeAt(time)));
		this.#read(true);
	}

	/** A finer window where one looks closer, the next one where one looks farther; called when the view has come to rest. */
	async #refine(whole: WindowSource): Promise<void> {
		const view = this.#view();
		if (!view || this.#held) return;
		const width = view.to - view.from;
		const wanted = clipped({ from: view.from - width, to: view.to + width }, whole);
		const near = { from: view.from - width / 4, to: view.to + width / 4 };
		const coarse = this.#step() > 1.5 * whole.each && width / this.#step() < COARSE;
		if (!coarse && within(clipped(near, whole), this.#window)) return;
		if (within(wanted, this.#window) && within(this.#window, wanted)) return;
		await this.#open(whole, wanted);
	}

	/** Answers whether it is drawn: not where another was asked for in between, or none came. */
	async #open(whole: WindowSource, wanted: { from: number; to: number }): Promise<boolean> {
		const asked = (this.#asked += 1);
		const { from, to } = clipped(wanted, whole);
		this.failure = null;
		try {
			const columns = await whole.window(from, to);
			while (this.#held && !this.#gone) await new Promise((resume) => setTimeout(resume, SETTLED));
			if (this.#gone || asked !== this.#asked) return false;
			const view = this.#view();
			this.#store = new BarStore();
			this.#store.append(columns);
			this.#window = { from, to };
			this.bars = this.#store.length;
			if (this.#store.length === 0) return false;
			if (this.#drawn.length === 0) this.#compose();
			this.#draw(0, this.#store.length);
			if (view) this.#look({ from: this.#logicalOf(view.from), to: this.#logicalOf(view.to) });
			this.#place();
			return true;
		} catch (failure) {
			if (asked === this.#asked) this.failure = failure;
			return false;
		} finally {
			if (asked === this.#asked) this.loading = false;
		}
	}

	#release(): void {
		if (!this.#held) return;
		this.#held = false;
		this.#settle();
	}

	#settle(): void {
		const whole = this.#whole;
		clearTimeout(this.#settling);
		if (whole) this.#settling = setTimeout(() => void this.#refine(whole), SETTLED);
	}

	/** What is looked at, in seconds since 1970. */
	#view(): { from: number; to: number } | null {
		const range = this.#chart.timeScale().getVisibleLogicalRange();
		if (!range || this.#store.length < 2) return null;
		const at = (logical: number) => {
			const place = Math.min(this.#store.length - 1, Math.max(0, Math.floor(logical)));
			return this.#store.time(place) + (logical - place) * this.#step();
		};
		return { from: at(range.from), to: at(range.to) };
	}

	#logicalOf(time: number): number {
		const place = Math.max(0, this.#store.placeAt(time));
		return place + (time - this.#store.time(place)) / this.#step();
	}

	/** Seconds from point to point, on average. */
	#step(): number {
		const last = this.#store.length - 1;
		return last < 1 ? 1 : (this.#store.time(last) - this.#store.time(0)) / last;
	}

	// What is drawn

	#compose(): void {
		const { names } = this.#store;
		const chart = this.#chart;
		const time = (place: number) => this.#store.time(place) as UTCTimestamp;
		this.#digits = digitsOf(this.#store.value('close', this.#store.length - 1));
		const price = (value: number) => ratio(value, this.#digits);
		const priceFormat = { type: 'custom' as const, formatter: price, minMove: 10 ** -this.#digits };

		const candles = chart.addSeries(CandlestickSeries, { ...candleLook(this.#tones), priceFormat });
		candles.attachPrimitive(this.#marks);
		this.#drawn.push({
			series: candles,
			point: (place) => ({
				time: time(place),
				open: this.#store.value('open', place),
				high: this.#store.value('high', place),
				low: this.#store.value('low', place),
				close: this.#store.value('close', place)
			}),
			restyle: (tones) => candles.applyOptions(candleLook(tones))
		});

		const volume = chart.addSeries(HistogramSeries, {
			priceScaleId: 'volume',
			priceFormat: { type: 'volume' },
			priceLineVisible: false,
			lastValueVisible: false
		});
		volume.priceScale().applyOptions({ scaleMargins: { top: 0.84, bottom: 0 } });
		candles.priceScale().applyOptions({ scaleMargins: { top: 0.08, bottom: 0.2 } });
		this.#drawn.push({
			series: volume,
			point: (place) => ({
				time: time(place),
				value: this.#store.value('volume', place) || 0,
				color:
					this.#store.value('close', place) >= this.#store.value('open', place)
						? this.#tones.volumeUp
						: this.#tones.volumeDown
			}),
			restyle: () => undefined
		});

		this.#labels = [{ pane: 0, lines: [] }];
		// eslint-disable-next-line svelte/prefer-svelte-reactivity -- nothing is drawn from it
		const places = new Map([['price', 0]]);
		let many = 0;
		for (const line of this.#lines) {
			if (!names.includes(line.column)) continue;
			const name = line.pane === 'price' && !this.#amongPrices(line.column) ? line.column : line.pane;
			const pane = places.get(name) ?? places.size;
			if (!places.has(name)) this.#labels.push({ pane, lines: [] });
			places.set(name, pane);
			const tone = lineTones[many % lineTones.length] as (typeof lineTones)[number];
			many += 1;
			const text = pane === 0 ? price : (value: number) => ratio(value, 2);
			const series = chart.addSeries(
				LineSeries,
				{
					...lineLook(this.#tones[tone]),
					lastValueVisible: pane !== 0,
					// Candles alone say how much is shown; a line far from them would press them flat.
					...(pane === 0 ? { autoscaleInfoProvider: () => null } : {}),
					priceFormat: pane === 0 ? priceFormat : { type: 'custom', formatter: text, minMove: 0.01 }
				},
				pane
			);
			this.#line(series, line.column, 1, (tones) => series.applyOptions({ color: tones[tone] }));
			this.#labels[pane]?.lines.push({ column: line.column, label: line.label, color: tone, text });
		}
		this.#account(places.size);
		for (const [place, pane] of chart.panes().entries()) {
			pane.setStretchFactor(place === 0 ? 4 : 1.1);
			if (place > 0) pane.priceScale('right').applyOptions({ scaleMargins: UNDER_A_LABEL });
		}
	}

	/** Whether a line can be seen beside the candles: an average of a momentum is an average, and yet no price. */
	#amongPrices(column: string): boolean {
		for (let place = this.#store.length - 1; place >= 0; place -= 1) {
			const value = this.#store.value(column, place);
			const close = this.#store.value('close', place);
			if (Number.isFinite(value) && close > 0) return value > close / 4 && value < close * 4;
		}
		return true;
	}

	/** Panes of the account below the candles, where the columns are there. */
	#account(pane: number): void {
		const { names } = this.#store;
		const whole = (value: number) => ratio(value, 0);
		if (names.includes('equity')) {
			const priceFormat = { type: 'custom' as const, formatter: whole, minMove: 0.01 };
			const lines: PaneLabel['lines'] = [
				{ column: 'equity', label: 'equity', color: 'brand', text: (value) => ratio(value, 2) }
			];
			if (names.includes('buy_and_hold')) {
				const held = this.#chart.addSeries(
					LineSeries,
					{ ...lineLook(this.#tones.quiet), lastValueVisible: false, priceFormat },
					pane
				);
				this.#line(held, 'buy_and_hold', 1, (tones) => held.applyOptions({ color: tones.quiet }));
				lines.push({
					column: 'buy_and_hold',
					label: 'buy_and_hold',
					color: 'quiet',
					text: (value) => ratio(value, 2)
				});
			}
			const equity = this.#chart.addSeries(AreaSeries, { ...equityLook(this.#tones), priceFormat }, pane);
			this.#line(equity, 'equity', 1, (tones) => equity.applyOptions(equityLook(tones)));
			this.#labels.push({ pane, lines });
			pane += 1;
		}
		if (names.includes('drawdown')) {
			const fall = this.#chart.addSeries(
				AreaSeries,
				{
					...drawdownLook(this.#tones),
					priceFormat: {
						type: 'custom',
						formatter: (value: number) => percent(value, { digits: 1 }),
						minMove: 0.0001
					}
				},
				pane
			);
			this.#line(fall, 'drawdown', -1, (tones) => fall.applyOptions(drawdownLook(tones)));
			this.#labels.push({
				pane,
				lines: [
					{ column: 'drawdown', label: 'drawdown', color: 'candleDown', text: (value) => percent(-value) }
				]
			});
		}
	}

	#line(
		series: ISeriesApi<'Line'> | ISeriesApi<'Area'>,
		column: string,
		sign: 1 | -1,
		restyle: Drawn['restyle']
	): void {
		this.#drawn.push({
			series,
			point: (place) => {
				const time = this.#store.time(place) as UTCTimestamp;
				const value = this.#store.value(column, place);
				return Number.isFinite(value) ? { time, value: sign * value } : { time };
			},
			restyle
		});
	}

	/** Hands a stretch of the store to the library; what is looked at stays where it is. */
	#draw(from: number, to: number): void {
		const visible = this.#chart.timeScale().getVisibleLogicalRange();
		const shift = this.#from - from;
		this.#drawing = true;
		this.#from = from;
		this.#to = to;
		const places = Array.from({ length: to - from }, (_, place) => from + place);
		for (const each of this.#drawn) each.series.setData(places.map(each.point) as never[]);
		if (visible && shift) this.#look({ from: visible.from + shift, to: visible.to + shift });
		this.#drawing = false;
	}

	#look(range: { from: number; to: number }): void {
		this.#chart.timeScale().setVisibleLogicalRange(range as { from: Logical; to: Logical });
	}

	#moved(range: LogicalRange | null): void {
		if (!range || this.#drawing || this.#drawn.length === 0) return;
		if (this.#whole) {
			this.latest =
				range.from <= 1 && range.to >= this.#store.length - 2 && within(this.#whole, this.#window);
			this.#settle();
			return this.#read(false);
		}
		this.latest = this.#to === this.#store.length && range.to >= this.#to - this.#from - 1;
		if (range.from < NEAR) requestAnimationFrame(() => void this.#extendLeft());
		else if (range.to > this.#to - this.#from - NEAR && this.#to < this.#store.length)
			requestAnimationFrame(() => this.#extendRight());
		this.#read(false);
	}

	/** Draws older bars, from the store or from the server; what has gone far out of view at the other side is let go of. */
	async #extendLeft(): Promise<void> {
		const range = this.#chart.timeScale().getVisibleLogicalRange();
		if (this.#gone || this.#paging || !range || range.from >= NEAR) return;
		const step = Math.max(STEP, Math.ceil(range.to - range.from));
		if (this.#from < step && !this.#exhausted) await this.#page(Math.max(PAGE, step));
		if (this.#gone || this.#from === 0) return;
		const end = Math.ceil(this.#from + range.to) + 2 * STEP;
		this.#draw(Math.max(0, this.#from - step), Math.min(this.#to, end));
		this.#moved(this.#chart.timeScale().getVisibleLogicalRange());
	}

	#extendRight(): void {
		const range = this.#chart.timeScale().getVisibleLogicalRange();
		if (this.#gone || !range || this.#to === this.#store.length) return;
		const begin = Math.max(this.#from, Math.floor(this.#from + range.from) - 2 * STEP);
		this.#draw(begin, Math.min(this.#store.length, this.#to + STEP));
		this.#moved(this.#chart.timeScale().getVisibleLogicalRange());
	}

	#logicalAt(time: number): number | null {
		if (!Number.isFinite(time)) return null;
		const place = this.#store.placeAt(time);
		return place < 0 ? null : place - this.#from;
	}

	#timeAt(logical: number): number {
		const place = Math.floor(this.#from + logical);
		if (place < 0) return -Infinity;
		return place + 1 >= this.#store.length ? Infinity : this.#store.time(place);
	}

	// What is written

	/** The crosshair is followed at once; what runs by itself is written eight times a second. */
	#read(now: boolean): void {
		if (!now && performance.now() - this.#readAt < READ_EVERY) return;
		this.#readAt = performance.now();
		const store = this.#store;
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

	get digits(): number {
		return this.#digits;
	}

	/** Where the labels of the panes stand. */
	#place(): void {
		requestAnimationFrame(() => {
			if (!this.#gone) this.#label();
		});
	}

	#label(): void {
		let top = 0;
		const heights = this.#chart.panes().map((pane) => pane.getHeight());
		const tops = heights.map((height) => {
			const here = top;
			top += height + 1;
			return here;
		});
		this.panes = this.#labels.map(({ pane, lines }) => ({ top: tops[pane] ?? 0, lines }));
	}
}

type Stretch = { readonly from: number; readonly to: number };

const clipped = (one: Stretch, whole: Stretch): Stretch => ({
	from: Math.max(one.from, whole.from),
	to: Math.min(one.to, whole.to)
});
const within = (one: Stretch, other: Stretch) => one.from >= other.from && one.to <= other.to;

/** A source over columns that are already here. */
export function here(columns: Columns): BarSource {
	return {
		before: (time) => Promise.resolve(time === null ? columns : EMPTY)
	};
}

/** Bars and lines that come from two places, put side by side page by page. */
export function together(bars: BarSource, lines: BarSource): BarSource {
	return {
		before: async (time, rows) => {
			const [left, right] = await Promise.all([bars.before(time, rows), lines.before(time, rows)]);
			return left.time.length ? beside(left, right) : EMPTY;
		}
	};
}

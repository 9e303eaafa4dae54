import {
	AreaSeries,
	CandlestickSeries,
	HistogramSeries,
	LineSeries,
	type IChartApi,
	type ISeriesApi,
	type ISeriesPrimitive,
	type Time,
	type UTCTimestamp
} from 'lightweight-charts';
import { percent, ratio } from '$lib/format';
import type { BarStore } from './bar-store';
import type { Line } from './bar-source';
import { candleLook, drawdownLook, equityLook, lineLook } from './look';
import { lineTones, type Tones } from './tones';

type AnySeries =
	ISeriesApi<'Candlestick'> | ISeriesApi<'Histogram'> | ISeriesApi<'Area'> | ISeriesApi<'Line'>;

interface Drawn {
	series: AnySeries;
	point: (store: BarStore, place: number) => Parameters<AnySeries['setData']>[0][number];
	restyle: () => void;
}

/** How a value is written at the axis. */
interface Written {
	type: 'custom';
	formatter: (value: number) => string;
	minMove: number;
}

/** What stands at the top of a pane: its lines by name, each with the value that is read off. */
export interface Label {
	column: string;
	label: string;
	color: keyof Tones;
	text: (value: number) => string;
}

/** The label of a pane stands at its top; lines begin below. */
const UNDER_A_LABEL = { top: 0.32, bottom: 0.1 };

/** As many digits as a price of this size is quoted with. */
export function digitsOf(price: number): number {
	if (!Number.isFinite(price) || price <= 0) return 2;
	return Math.min(8, Math.max(1, 5 - Math.floor(Math.log10(price))));
}

/**
 * All that is drawn of bars: candles and their volume first; then, made for the columns of a store, the strategy's lines over and below them, and
 * the account.
 */
export class BarSeries {
	/** By pane, from the top. */
	readonly labels: Label[][] = [];
	readonly digits: number;
	#drawn: Drawn[] = [];
	#price: Written;

	constructor(
		readonly chart: IChartApi,
		public tones: Tones,
		store: BarStore,
		over: readonly ISeriesPrimitive<Time>[]
	) {
		this.digits = digitsOf(store.value('close', store.length - 1));
		this.#price = custom((value) => ratio(value, this.digits), 10 ** -this.digits);
		this.#candles(over);
	}

	/** Adds what belongs to the candles, drawn over the same stretch of the store. */
	complete(store: BarStore, lines: readonly Line[], from: number, to: number): void {
		const there = this.#drawn.length;
		this.#indicators(store, lines);
		this.#account(store.names);
		for (const [place, pane] of this.chart.panes().entries()) {
			pane.setStretchFactor(place === 0 ? 4 : 1.1);
			if (place > 0) pane.priceScale('right').applyOptions({ scaleMargins: UNDER_A_LABEL });
		}
		this.#hand(this.#drawn.slice(there), store, from, to);
	}

	/** Hands a stretch of the store to the library. */
	draw(store: BarStore, from: number, to: number): void {
		this.#hand(this.#drawn, store, from, to);
	}

	/** Lets go of all that is drawn. Other times that come over it the library would merge with it, and then rebuild every series twice. */
	clear(): void {
		for (const { series } of this.#drawn) series.setData([]);
	}

	restyle(tones: Tones): void {
		this.tones = tones;
		for (const each of this.#drawn) each.restyle();
	}

	#hand(drawn: readonly Drawn[], store: BarStore, from: number, to: number): void {
		for (const { series, point } of drawn)
			series.setData(Array.from({ length: to - from }, (_, place) => point(store, from + place)) as never[]);
	}

	#candles(over: readonly ISeriesPrimitive<Time>[]): void {
		const candles = this.chart.addSeries(CandlestickSeries, {
			...candleLook(this.tones),
			priceFormat: this.#price
		});
		for (const each of over) candles.attachPrimitive(each);
		candles.priceScale().applyOptions({ scaleMargins: { top: 0.08, bottom: 0.2 } });
		this.#drawn.push({
			series: candles,
			point: (store, place) => ({
				time: store.time(place) as UTCTimestamp,
				open: store.value('open', place),
				high: store.value('high', place),
				low: store.value('low', place),
				close: store.value('close', place)
			}),
			restyle: () => candles.applyOptions(candleLook(this.tones))
		});

		const volume = this.chart.addSeries(HistogramSeries, {
			priceScaleId: 'volume',
			priceFormat: { type: 'volume' },
			priceLineVisible: false,
			lastValueVisible: false
		});
		volume.priceScale().applyOptions({ scaleMargins: { top: 0.84, bottom: 0 } });
		this.#drawn.push({
			series: volume,
			point: (store, place) => ({
				time: store.time(place) as UTCTimestamp,
				value: store.value('volume', place) || 0,
				color:
					store.value('close', place) >= store.value('open', place)
						? this.tones.volumeUp
						: this.tones.volumeDown
			}),
			restyle: () => undefined // each bar carries its own colour
		});
		this.labels.push([]);
	}

	#indicators(store: BarStore, lines: readonly Line[]): void {
		const panes = ['price'];
		let many = 0;
		for (const line of lines) {
			if (!store.names.includes(line.column)) continue;
			const name = line.pane === 'price' && !amongPrices(store, line.column) ? line.column : line.pane;
			if (!panes.includes(name)) this.labels[panes.push(name) - 1] = [];
			const pane = panes.indexOf(name);
			const color = lineTones[many % lineTones.length] as (typeof lineTones)[number];
			many += 1;
			const priceFormat = pane === 0 ? this.#price : custom((value) => ratio(value, 2), 0.01);
			const series = this.chart.addSeries(
				LineSeries,
				{
					...lineLook(this.tones[color]),
					lastValueVisible: pane !== 0,
					// Candles alone say how much is shown; a line far from them would press them flat.
					...(pane === 0 ? { autoscaleInfoProvider: () => null } : {}),
					priceFormat
				},
				pane
			);
			this.#line(series, line.column, () => series.applyOptions({ color: this.tones[color] }));
			const { column, label } = line;
			this.labels[pane]?.push({ column, label, color, text: priceFormat.formatter });
		}
	}

	/** Panes of the account below the candles, where the columns are there. */
	#account(names: readonly string[]): void {
		const money = (value: number) => ratio(value, 2);
		if (names.includes('equity')) {
			const priceFormat = custom((value) => ratio(value, 0), 0.01);
			const pane = this.labels.push([{ column: 'equity', label: 'equity', color: 'brand', text: money }]) - 1;
			if (names.includes('buy_and_hold')) {
				const look = { ...lineLook(this.tones.quiet), lastValueVisible: false, priceFormat };
				const held = this.chart.addSeries(LineSeries, look, pane);
				this.#line(held, 'buy_and_hold', () => held.applyOptions({ color: this.tones.quiet }));
				const [column, label] = ['buy_and_hold', 'buy_and_hold'];
				this.labels[pane]?.push({ column, label, color: 'quiet', text: money });
			}
			const equity = this.chart.addSeries(AreaSeries, { ...equityLook(this.tones), priceFormat }, pane);
			this.#line(equity, 'equity', () => equity.applyOptions(equityLook(this.tones)));
		}
		if (names.includes('drawdown')) {
			const text = (value: number) => percent(-value);
			const pane =
				this.labels.push([{ column: 'drawdown', label: 'drawdown', color: 'candleDown', text }]) - 1;
			const priceFormat = custom((value) => percent(value, { digits: 1 }), 0.0001);
			const fall = this.chart.addSeries(AreaSeries, { ...drawdownLook(this.tones), priceFormat }, pane);
			this.#line(fall, 'drawdown', () => fall.applyOptions(drawdownLook(this.tones)), -1);
		}
	}

	/** A column as it is, or upside down; what is not known leaves a gap. */
	#line(
		series: ISeriesApi<'Line'> | ISeriesApi<'Area'>,
		column: string,
		restyle: () => void,
		sign: 1 | -1 = 1
	): void {
		this.#drawn.push({
			series,
			point: (store, place) => {
				const time = store.time(place) as UTCTimestamp;
				const value = store.value(column, place);
				return Number.isFinite(value) ? { time, value: sign * value } : { time };
			},
			restyle
		});
	}
}

const custom = (formatter: (value: number) => string, minMove: number): Written => ({
	type: 'custom',
	formatter,
	minMove
});

/** Whether a line can be seen beside the candles: an average of a momentum is an average, and yet no price. */
function amongPrices(store: BarStore, column: string): boolean {
	for (let place = store.length - 1; place >= 0; place -= 1) {
		const value = store.value(column, place);
		const close = store.value('close', place);
		if (Number.isFinite(value) && close > 0) return value > close / 4 && value < close * 4;
	}
	return true;
}

import {
	AreaSeries,
	createChart,
	LineSeries,
	LineStyle,
	type IChartApi,
	type ISeriesApi,
	type Time,
	type UTCTimestamp
} from 'lightweight-charts';
import { percent, ratio } from '$lib/format';
import { drawdownLook, equityLook, lineLook, look } from './look';
import { tones, type Tones } from './tones';

/** One line over time. The `main` one is filled; the others are what it is compared with. */
export interface Curve {
	id: string;
	label: string;
	/** Seconds since 1970. */
	time: ArrayLike<number>;
	values: ArrayLike<number>;
	tone: 'main' | 'second' | 'quiet';
}

/** `return` draws each curve from its first value, so that curves of different accounts can be compared. */
export type Unit = 'return' | 'money';

const COLOR = { main: 'brand', second: 'warn', quiet: 'quiet' } as const satisfies Record<
	Curve['tone'],
	keyof Tones
>;

export const toneClass = { main: 'bg-brand', second: 'bg-warn', quiet: 'bg-fg-3' } as const;

/** Curves of equity above, and how far below its peak the first of them is below. */
export class Curves {
	#chart: IChartApi;
	#tones = tones();
	#restyles: ((tones: Tones) => void)[] = [];

	constructor(
		container: HTMLElement,
		curves: readonly Curve[],
		drawdown: Curve | null,
		unit: Unit,
		onpoint: (values: ReadonlyMap<string, number> | null, time: number | null) => void
	) {
		const base = look(this.#tones);
		this.#chart = createChart(container, {
			...base,
			handleScale: { mouseWheel: false },
			handleScroll: { mouseWheel: false },
			timeScale: {
				...base.timeScale,
				minBarSpacing: 0.01,
				fixLeftEdge: true,
				fixRightEdge: true
			}
		});
		const series = new Map<string, ISeriesApi<'Area'> | ISeriesApi<'Line'>>();
		const text = unit === 'return' ? (value: number) => percent(value, { sign: true, digits: 1 }) : (value: number) => ratio(value, 0); // prettier-ignore
		const priceFormat = {
			type: 'custom' as const,
			formatter: text,
			minMove: unit === 'return' ? 0.0001 : 0.01
		};
		// The main curve is drawn last, over what it is compared with.
		for (const curve of [...curves].sort((a, b) => Number(a.tone === 'main') - Number(b.tone === 'main'))) {
			const added =
				curve.tone === 'main'
					? this.#chart.addSeries(AreaSeries, { ...equityLook(this.#tones), priceFormat })
					: this.#chart.addSeries(LineSeries, {
							...lineLook(this.#tones[COLOR[curve.tone]]),
							...(curve.tone === 'second' ? { lineWidth: 2 as const } : {}),
							priceFormat
						});
			this.#restyles.push((tones) =>
				curve.tone === 'main'
					? added.applyOptions(equityLook(tones))
					: added.applyOptions({ color: tones[COLOR[curve.tone]] })
			);
			const first = unit === 'return' ? (curve.values[0] ?? 1) : 0;
			added.setData(points(curve, (value) => (unit === 'return' ? value / first - 1 : value)));
			if (unit === 'return' && curve.tone === 'main')
				added.createPriceLine({
					price: 0,
					color: this.#tones.quiet,
					lineStyle: LineStyle.Dotted,
					lineWidth: 1,
					axisLabelVisible: false
				});
			series.set(curve.id, added);
		}
		if (drawdown) {
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
				1
			);
			fall.setData(points(drawdown, (value) => -value));
			this.#restyles.push((tones) => fall.applyOptions(drawdownLook(tones)));
			series.set(drawdown.id, fall);
			const [above, below] = this.#chart.panes();
			above?.setStretchFactor(3);
			below?.setStretchFactor(1);
		}
		this.#chart.timeScale().fitContent();
		// The first size comes after the data; later ones should show everything too.
		this.#chart.timeScale().subscribeSizeChange(() => this.#chart.timeScale().fitContent());
		this.#chart.subscribeCrosshairMove((event) => {
			if (event.time === undefined) return onpoint(null, null);
			const values = new Map<string, number>();
			for (const [id, each] of series) {
				const data = event.seriesData.get(each);
				if (data && 'value' in data) values.set(id, data.value);
			}
			onpoint(values, event.time as number);
		});
	}

	restyle(): void {
		this.#tones = tones();
		this.#chart.applyOptions(look(this.#tones));
		for (const restyle of this.#restyles) restyle(this.#tones);
	}

	destroy(): void {
		this.#chart.remove();
	}
}

/** The library wants rising times and refuses what is not a number. */
function points(curve: Curve, shown: (value: number) => number): { time: Time; value: number }[] {
	const data: { time: UTCTimestamp; value: number }[] = [];
	let last = -Infinity;
	for (let place = 0; place < curve.time.length; place += 1) {
		const time = curve.time[place] as number;
		const value = shown(curve.values[place] as number);
		if (time <= last || !Number.isFinite(value)) continue;
		data.push({ time: time as UTCTimestamp, value });
		last = time;
	}
	return data;
}

import { api, type Schemas } from '$lib/api/client';
import type { BarSource, Span } from '$lib/charts/bar-source';
import { beside, columnsOf, type Columns } from '$lib/charts/columns';
import { barsOf, iso } from '$lib/charts/sources';
import { feed, type LiveFeed } from '$lib/stream/feed.svelte';

type Price = Schemas['PriceView'];
type Series = Schemas['SeriesRequest']['series'];

const BINARY = 'application/vnd.assay.columns';
/** After a bar has closed, its indicators are asked for so many milliseconds later, with those of a few bars before it. */
const SETTLED = 1_500;
const AGAIN = 5;

/** Bars of an instrument from the store with indicators beside them, and the one that is forming now from the live feed. */
export class LiveBars implements BarSource {
	/** What lies between the newest stored bar and the first live one, where that is something. */
	missing: Span | null = $state.raw(null);
	/** Why nothing comes live. */
	problem: string | null = $state(null);

	#newest: number | null = null;
	#forming: number | null = null;

	constructor(
		readonly instrument: string,
		readonly timeframe: string,
		/** Seconds from bar to bar. */
		private readonly each: number,
		private readonly series: Series,
		private readonly stored: BarSource = barsOf(instrument, timeframe),
		private readonly over: LiveFeed = feed
	) {}

	async before(time: number | null, rows: number): Promise<Columns> {
		const bars = await this.stored.before(time, rows);
		if (time === null) this.#newest = bars.time.at(-1) ?? null;
		return bars.time.length && Object.keys(this.series).length
			? beside(bars, await this.#computed(bars))
			: bars;
	}

	follow(push: (newer: Columns) => void): () => void {
		let timer: ReturnType<typeof setTimeout> | undefined;
		const hear = ({ price }: { price?: Price | null }) => {
			if (!price) return;
			this.problem = null;
			push(bar(price));
			this.#look(price);
			const closed = price.closed || (this.#forming !== null && price.time > this.#forming);
			this.#forming = price.time;
			if (!closed || !Object.keys(this.series).length) return;
			clearTimeout(timer);
			// Where they do not come, the candles have come all the same.
			timer = setTimeout(() => void this.before(null, AGAIN).then(push, () => undefined), SETTLED);
		};
		const leave = this.over.subscribe(`prices.${this.timeframe}.${this.instrument}`, {
			onsnapshot: hear,
			onevent: hear,
			onproblem: ({ message }) => (this.problem = message)
		});
		return () => {
			clearTimeout(timer);
			leave();
		};
	}

	#look(price: Price): void {
		if (this.#newest === null || this.#forming !== null) return;
		const next = this.#newest + this.each;
		if (price.time > next) this.missing = { from: next, to: price.time };
	}

	async #computed(bars: Columns): Promise<Columns> {
		const { response } = await api.POST('/api/v1/market/series', {
			body: {
				instrument: this.instrument,
				timeframe: this.timeframe,
				start: iso(bars.time[0] as number),
				end: iso((bars.time.at(-1) as number) + 1),
				series: this.series,
				parameters: {}
			},
			headers: { Accept: BINARY },
			parseAs: 'stream'
		});
		return columnsOf(response);
	}
}

function bar({ time, open, high, low, close, volume }: Price): Columns {
	const values = Object.entries({ open, high, low, close, volume });
	return {
		time: Uint32Array.of(time),
		values: new Map(values.map(([name, value]) => [name, Float32Array.of(value)]))
	};
}

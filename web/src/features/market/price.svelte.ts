import type { Schemas } from '$lib/api/client';
import { feed, type LiveFeed } from '$lib/stream/feed.svelte';
import type { LastPrice } from './last-prices';

type Price = Schemas['PriceView'];

/** The shortest bars tell every change. */
const TIMEFRAME = '1m';
/** Two heartbeats of that. */
const OLD = 120_000;

/** What one instrument costs now, for as long as somebody looks at it. */
export class LivePrice {
	now: Price | null = $state.raw(null);

	/** Answers how to leave. */
	follow(instrument: string, over: LiveFeed = feed): () => void {
		this.now = null;
		const hear = ({ price }: { price?: Price | null }) => {
			if (price) this.now = price;
		};
		return over.subscribe(`prices.${TIMEFRAME}.${instrument}`, { onsnapshot: hear, onevent: hear });
	}
}

export interface Shown {
	last: string | null;
	change: number | null;
	at: string | null;
	/** To be drawn, the newest last. */
	sketch: readonly number[];
	/** The code of what is wrong, where nothing is known. */
	problem: string | null;
}

/** The newer of what was asked for and what was told. */
export function newest(lastPrice: LastPrice | undefined, price: Price | null): Shown {
	const sketch = lastPrice?.sketch ?? [];
	if (price && !(lastPrice?.at && Date.parse(lastPrice.at) > Date.parse(price.at)))
		return {
			last: price.last,
			change: price.change ?? lastPrice?.change ?? null,
			at: price.at,
			sketch: [...sketch, price.close],
			problem: null
		};
	if (lastPrice?.last != null) return { ...lastPrice, sketch, problem: null };
	return {
		last: null,
		change: null,
		at: null,
		sketch,
		problem: lastPrice ? (lastPrice.problem ?? 'no_price') : null
	};
}

export const isOld = (at: string | null, now: number) => at !== null && now - Date.parse(at) > OLD;

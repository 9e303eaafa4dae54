import type { Schemas } from '$lib/api/client';

/** A search over the bars that a result ran on. */
export function orderOf({ document, result }: Schemas['ResultDetail']): Schemas['LookAheadRequest'] {
	const { universe, timeframe, first_at, last_at } = result;
	return { document, universe, timeframe, start: first_at, end: last_at, points: 200 };
}

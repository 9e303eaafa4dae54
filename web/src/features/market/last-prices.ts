import { createQuery, keepPreviousData } from '@tanstack/svelte-query';
import { api, body, type Schemas } from '$lib/api/client';

export type LastPrice = Schemas['LastPriceItem'];

/** So many at once; and again after so many milliseconds, for those that nobody tells live. */
const AT_ONCE = 100;
const AGAIN = 60_000;

/** What instruments cost, asked for once a minute; call it where a component begins. */
export function lastPricesOf(instruments: () => readonly string[]) {
	return createQuery(() => {
		const all = [...instruments()].toSorted();
		return {
			queryKey: ['last-prices', all],
			queryFn: async ({ signal }) => {
				const parts = Array.from({ length: Math.ceil(all.length / AT_ONCE) }, (_, part) =>
					all.slice(part * AT_ONCE, (part + 1) * AT_ONCE)
				);
				const answers = await Promise.all(
					parts.map((instrument) =>
						body(api.GET('/api/v1/market/last-prices', { params: { query: { instrument } }, signal }))
					)
				);
				return new Map(answers.flat().map((lastPrice) => [lastPrice.instrument, lastPrice]));
			},
			enabled: all.length > 0,
			refetchInterval: AGAIN,
			placeholderData: keepPreviousData
		};
	});
}

import { createQuery, keepPreviousData } from '@tanstack/svelte-query';
import type { Span } from '$lib/charts/bar-source';
import { around, tradesToMark } from '../results/marks';

interface Wanted {
	/** Nothing where no trades are wanted. */
	session: string;
	instrument: string;
	looked: Span | null;
}

/** The trades of a session on an instrument, all of them or, where these are too many to tell apart, those near what is looked at. */
export function tradesNear(wanted: () => Wanted) {
	const all = createQuery(() => {
		const { session, instrument } = wanted();
		return {
			queryKey: ['results', session, 'marks', instrument, null],
			queryFn: () => tradesToMark(session, instrument, null),
			enabled: session !== '',
			staleTime: Infinity
		};
	});
	const near = createQuery(() => {
		const { session, instrument, looked } = wanted();
		const span = looked && around(looked);
		return {
			queryKey: ['results', session, 'marks', instrument, span],
			queryFn: () => tradesToMark(session, instrument, span),
			enabled: session !== '' && span !== null && (all.data?.total ?? 0) > (all.data?.trades.length ?? 0),
			placeholderData: keepPreviousData,
			staleTime: Infinity
		};
	});
	return {
		get data() {
			if (!wanted().session) return undefined;
			return all.data?.trades.length ? all.data : (near.data ?? all.data);
		}
	};
}

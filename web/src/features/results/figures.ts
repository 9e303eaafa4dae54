import type { Schemas } from '$lib/api/client';

/** Curves over common times, and which of the figures is the best of a row. */
export interface Figure {
	id: string;
	label: string;
	value: (metrics: Schemas['Metrics']) => number | null;
	text: (metrics: Schemas['Metrics']) => string;
	/** Whether more is better, less is, or neither. */
	better: 'more' | 'less' | null;
}

/** The places of the best; none where all are equal or only one has a value. */
export function best(values: readonly (number | null)[], better: Figure['better']): ReadonlySet<number> {
	const known = values.filter((value) => value !== null);
	if (better === null || known.length < 2) return new Set();
	const wanted = better === 'more' ? Math.max(...known) : Math.min(...known);
	if (known.every((value) => value === wanted)) return new Set();
	return new Set(values.flatMap((value, place) => (value === wanted ? [place] : [])));
}

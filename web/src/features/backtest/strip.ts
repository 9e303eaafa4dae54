/** The strip of time on which a period is chosen. All times are in milliseconds since 1970. */
export interface Span {
	from: number;
	to: number;
}

export const DAY = 86_400_000;

const clamp = (value: number, low: number, high: number) => Math.min(high, Math.max(low, value));

/** Where a time stands, from 0 to 1. */
export function shareOf(span: Span, time: number): number {
	return span.to > span.from ? clamp((time - span.from) / (span.to - span.from), 0, 1) : 0;
}

/** The time at a place, on a whole day; the ends are reached although they are on none. */
export function timeAt(span: Span, share: number): number {
	if (share <= 0) return span.from;
	if (share >= 1) return span.to;
	const time = span.from + share * (span.to - span.from);
	return clamp(Math.round(time / DAY) * DAY, span.from, span.to);
}

export type Handle = 'start' | 'end';

/** The period with one end moved: never past the other, nor out of the strip. */
export function moved(span: Span, period: Span, handle: Handle, time: number): Span {
	const least = Math.min(DAY, span.to - span.from);
	return handle === 'start'
		? { ...period, from: clamp(time, span.from, Math.max(span.from, period.to - least)) }
		: { ...period, to: clamp(time, Math.min(span.to, period.from + least), span.to) };
}

/** Steps by keyboard: a day, a month with Page keys, the ends with Home and End. */
export function stepped(span: Span, period: Span, handle: Handle, key: string): Span | null {
	const now = handle === 'start' ? period.from : period.to;
	const steps: Record<string, number> = {
		ArrowLeft: now - DAY,
		ArrowDown: now - DAY,
		ArrowRight: now + DAY,
		ArrowUp: now + DAY,
		PageDown: now - 30 * DAY,
		PageUp: now + 30 * DAY,
		Home: span.from,
		End: span.to
	};
	const time = steps[key];
	return time === undefined ? null : moved(span, period, handle, time);
}

interface Stored {
	first_at: string;
	last_at: string;
	gaps: readonly { start: string; end: string }[];
}

/** From the first bar that any of them has to the end of the last one. */
export function spanOf(items: readonly Stored[], bar: number): Span | null {
	if (!items.length) return null;
	return {
		from: Math.min(...items.map((item) => Date.parse(item.first_at))),
		to: Math.max(...items.map((item) => Date.parse(item.last_at) + bar))
	};
}

/** What is stored of one instrument, as stretches without a gap. */
export function stretches(item: Stored, bar: number): Span[] {
	const found: Span[] = [];
	let from = Date.parse(item.first_at);
	for (const gap of item.gaps) {
		const to = Date.parse(gap.start);
		if (to > from) found.push({ from, to });
		from = Math.max(from, Date.parse(gap.end));
	}
	const end = Date.parse(item.last_at) + bar;
	if (end > from) found.push({ from, to: end });
	return found;
}

/** What the form holds, on the strip: an empty end is the strip's own. */
export function periodOf(span: Span, start: string, end: string): Span {
	const at = (text: string, fallback: number) => {
		const time = Date.parse(text);
		return Number.isNaN(time) ? fallback : clamp(time, span.from, span.to);
	};
	return { from: at(start, span.from), to: at(end, span.to) };
}

/** And back: an end that stands at the strip's own is left empty, so that later bars are not cut off. */
export function textsOf(span: Span, period: Span): { start: string; end: string } {
	return {
		start: period.from <= span.from ? '' : new Date(period.from).toISOString(),
		end: period.to >= span.to ? '' : new Date(period.to).toISOString()
	};
}

/** `2024-01-31`, as date inputs want it. */
export const dayOf = (time: number): string => new Date(time).toISOString().slice(0, 10);

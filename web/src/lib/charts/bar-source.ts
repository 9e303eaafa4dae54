import type { Columns } from './columns';

/** Where bars come from, page by page towards the past. */
export interface BarSource {
	/** At most `rows` bars that open before `time` (seconds since 1970; null asks for the newest), oldest first; none where there are no more. */
	before(time: number | null, rows: number): Promise<Columns>;
	/** Hands over bars as they come: new ones, and those that were there and have changed. Answers how to leave. Without it nothing comes. */
	follow?(push: (newer: Columns) => void): () => void;
}

/** A stretch of time: seconds since 1970. */
export interface Span {
	readonly from: number;
	readonly to: number;
}

/**
 * A stretch that has an end, which is drawn as a whole first and finer where it is looked at closer: every window of it comes in as many
 * points as a screen can show, so that a million bars cost no more than a thousand.
 */
export interface WindowSource extends Span {
	/** Seconds from bar to bar, on average. */
	readonly each: number;
	/** In at most `points` rows. */
	window(span: Span, points: number): Promise<Columns>;
}

export type Source = BarSource | WindowSource;

/** A column that is drawn as a line: over the candles where `pane` is `price`, else in a pane that lines of the same name share. */
export interface Line {
	column: string;
	label: string;
	pane: string;
}

/** How bars get onto a chart, and what of them is shown. */
export interface Supply {
	begin(): Promise<void>;
	/** Asks again for what did not come. */
	retry(): Promise<void>;
	/** Shows the bar at a time in the middle, fetching what lies between where it must. */
	goTo(time: number): Promise<void>;
	/** Back to where it began. */
	goHome(): void;
	/** At every frame in which another stretch is looked at; answers whether that is the one it began with. */
	moved(range: Span): boolean;
	/** When the view has come to rest. */
	settled(): void;
	/** The chart is gone. */
	end(): void;
}

export const within = (one: Span, other: Span) => one.from >= other.from && one.to <= other.to;

export const clipped = (one: Span, whole: Span): Span => ({
	from: Math.max(one.from, whole.from),
	to: Math.min(one.to, whole.to)
});

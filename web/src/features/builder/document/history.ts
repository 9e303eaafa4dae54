/** What was, and what was taken back. Quick changes of one thing are one step. */
export interface Steps<T> {
	readonly past: readonly T[];
	readonly now: T;
	readonly future: readonly T[];
	/** What changed last, and when: only the same thing, soon after, goes on with that step. */
	readonly last: { readonly what: string; readonly at: number } | null;
}

const SOON = 800;
const KEPT = 200;

export const begun = <T>(now: T): Steps<T> => ({ past: [], now, future: [], last: null });

export function changed<T>(steps: Steps<T>, now: T, what: string, at: number): Steps<T> {
	const { last } = steps;
	const goesOn = what !== '' && last?.what === what && at - last.at < SOON;
	const past = goesOn ? steps.past : [...steps.past, steps.now].slice(-KEPT);
	return { past, now, future: [], last: { what, at } };
}

export function undone<T>({ past, now, future }: Steps<T>): Steps<T> | null {
	const before = past.at(-1);
	if (before === undefined) return null;
	return { past: past.slice(0, -1), now: before, future: [now, ...future], last: null };
}

export function redone<T>({ past, now, future }: Steps<T>): Steps<T> | null {
	const [next, ...later] = future;
	if (next === undefined) return null;
	return { past: [...past, now], now: next, future: later, last: null };
}

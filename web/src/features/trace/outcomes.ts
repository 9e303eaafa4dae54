import { m } from '$lib/paraglide/messages';

/** What came of a close, as the server writes it (`vetoed:wild bar`): one word, and for some the name behind it. */
function parted(outcome: string): [string, string] {
	const colon = outcome.indexOf(':');
	return colon < 0 ? [outcome, ''] : [outcome.slice(0, colon), outcome.slice(colon + 1)];
}

const WORDS: Record<string, (name: { name: string }) => string> = {
	entered: m.trace_entered,
	reversed: m.trace_reversed,
	exited: m.trace_exited,
	resized: m.trace_resized,
	held: m.trace_held,
	halted: m.trace_halted,
	warming_up: m.trace_warming_up,
	no_signal: m.trace_no_signal,
	vetoed: m.trace_vetoed,
	refused: ({ name }) => m.trace_refused({ name: limitOf(name) })
};
const MEANINGS: Record<string, (name: { name: string }) => string> = {
	entered: m.trace_entered_text,
	reversed: m.trace_reversed_text,
	exited: m.trace_exited_text,
	resized: m.trace_resized_text,
	held: m.trace_held_text,
	halted: m.trace_halted_text,
	warming_up: m.trace_warming_up_text,
	no_signal: m.trace_no_signal_text,
	vetoed: m.trace_vetoed_text,
	refused: m.trace_refused_text
};
const LIMITS: Record<string, () => string> = {
	insufficient_margin: m.trace_limit_insufficient_margin,
	below_minimum: m.trace_limit_below_minimum,
	level_missing: m.trace_limit_level_missing,
	daily_loss: m.trace_limit_daily_loss,
	stop_after_losses: m.trace_limit_stop_after_losses,
	cooldown_bars: m.trace_limit_cooldown_bars,
	max_open_positions: m.trace_limit_max_open_positions,
	max_drawdown: m.trace_limit_max_drawdown
};

/** An outcome in the reader's language; one that is newer than this page is said as the server calls it. */
export function outcomeOf(outcome: string): string {
	const [kind, name] = parted(outcome);
	return WORDS[kind]?.({ name }) ?? outcome;
}

/** What it means, in a sentence; nothing for one that is newer than this page. */
export function meaningOf(outcome: string): string {
	const [kind, name] = parted(outcome);
	return MEANINGS[kind]?.({ name }) ?? '';
}

/** A limit that is newer than this page is said as the server calls it. */
const limitOf = (name: string) => LIMITS[name]?.() ?? name.replaceAll('_', ' ');

export type Tone = 'acted' | 'stood' | 'stopped' | 'idle';

/** Whether something was done, something stood, something was in the way, or nothing was asked. */
export function toneOf(outcome: string): Tone {
	const [kind] = parted(outcome);
	if (['entered', 'reversed', 'exited', 'resized'].includes(kind)) return 'acted';
	if (kind === 'held') return 'stood';
	return ['vetoed', 'refused', 'halted'].includes(kind) ? 'stopped' : 'idle';
}

const ORDER = [
	'entered', 'reversed', 'resized', 'exited', 'held', 'vetoed', 'refused', 'halted', 'no_signal', 'warming_up'
]; // prettier-ignore

/** Outcomes with their counts, what was done first and what was idle last; of one kind, the most frequent first. */
export function inOrder(outcomes: Readonly<Record<string, number>>): [string, number][] {
	const place = (outcome: string) =>
		(ORDER.indexOf(parted(outcome)[0]) + ORDER.length + 1) % (ORDER.length + 1);
	return Object.entries(outcomes).sort(([a, m], [b, n]) => place(a) - place(b) || n - m);
}

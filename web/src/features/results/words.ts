import type { Schemas } from '$lib/api/client';
import { count } from '$lib/format';
import { m } from '$lib/paraglide/messages';

type Detail = Schemas['ResultDetail'];

/** A mode in the reader's language; one that is newer than this page is said as the server calls it. */
export const modeOf = (mode: string) => (mode === 'backtest' ? m.results_mode_backtest() : mode);

export const sideOf = (direction: 'long' | 'short') =>
	direction === 'long' ? m.results_long() : m.results_short();

/** A caveat in the reader's language; the server's own words where the code is not known here. */
export function caveat({ code, message }: Schemas['Caveat'], detail: Detail): string {
	const figure = (name: string) => count(detail.result.metrics.all?.[name] ?? 0);
	const words: Record<string, () => string> = {
		ruined: m.results_warning_ruined,
		too_short: () => m.results_warning_too_short({ bars: figure('warm_up') }),
		low_sample: () => m.results_warning_low_sample({ trades: figure('trades') }),
		gaps: () => m.results_warning_gaps({ bars: figure('missing_bars') }),
		split: m.results_warning_split,
		spike: m.results_warning_spike,
		stale: m.results_warning_stale,
		off_grid: m.results_warning_off_grid,
		open_at_end: m.results_warning_open_at_end
	};
	return words[code]?.() ?? message;
}

/** Why there is no closed trade: the first reason that holds. */
export function whyNoTrades(detail: Detail): string {
	if (detail.warnings.some((each) => each.code === 'too_short')) return m.results_no_trades_short();
	if (!detail.counts.decisions) return m.results_no_trades_decided();
	if (detail.open_positions.length) return m.results_no_trades_open();
	return m.results_no_trades_refused({ count: count(detail.counts.refusals) });
}

/** Whose name a person would say for a result. */
export const nameOf = (result: Schemas['ResultRow']) =>
	`${result.strategy_name} · ${result.universe.join(', ')}`;

/** Why a position was closed; one that is newer than this page is said as the server calls it. */
export function exitOf(reason: string): string {
	const words: Record<string, () => string> = {
		exit: m.results_exit_exit,
		stop: m.results_exit_stop,
		trailing_stop: m.results_exit_trailing_stop,
		take_profit: m.results_exit_take_profit,
		time_limit: m.results_exit_time_limit,
		liquidation: m.results_exit_liquidation,
		reverse: m.results_exit_reverse,
		resize: m.results_exit_resize,
		halt: m.results_exit_halt,
		finalize: m.results_exit_finalize,
		roi: m.results_exit_roi
	};
	return words[reason]?.() ?? reason;
}

/** Colours of results that are compared, told apart without colour by their dashes. */
export const tones = [
	{ text: 'text-brand', dash: undefined },
	{ text: 'text-warn', dash: undefined },
	{ text: 'text-info', dash: '6 3' },
	{ text: 'text-up', dash: '6 3' },
	{ text: 'text-down', dash: '2 2' },
	{ text: 'text-fg-2', dash: '2 2' },
	{ text: 'text-brand', dash: '1 3' },
	{ text: 'text-warn', dash: '1 3' }
] as const;

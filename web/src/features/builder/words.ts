/** The words of a document as people read them. */
import { m } from '$lib/paraglide/messages';
import type { Group } from './document/tree';

export const OPERATORS = [
	'>', '>=', '<', '<=', '==', '!=', 'crosses_above', 'crosses_below', 'between', 'outside', 'rising', 'falling'
] as const; // prettier-ignore
export const RANGES: readonly string[] = ['between', 'outside'];
export const TRENDS: readonly string[] = ['rising', 'falling'];

export const operatorWord = (op: string): string =>
	({
		'>=': '≥',
		'<=': '≤',
		'==': '=',
		'!=': '≠',
		crosses_above: m.builder_op_crosses_above(),
		crosses_below: m.builder_op_crosses_below(),
		between: m.builder_op_between(),
		outside: m.builder_op_outside(),
		rising: m.builder_op_rising(),
		falling: m.builder_op_falling()
	})[op] ?? op;

export const groupWord = (group: Group): string =>
	({
		all: m.builder_group_all(),
		any: m.builder_group_any(),
		at_least: m.builder_group_at_least(),
		score: m.builder_group_score()
	})[group];

export const ACTIONS = [
	'enter_long',
	'enter_short',
	'exit',
	'exit_long',
	'exit_short',
	'target',
	'halt'
] as const;

export const actionWord = (action: string): string =>
	({
		enter_long: m.builder_action_enter_long(),
		enter_short: m.builder_action_enter_short(),
		exit: m.builder_action_exit(),
		exit_long: m.builder_action_exit_long(),
		exit_short: m.builder_action_exit_short(),
		target: m.builder_action_target(),
		halt: m.builder_action_halt()
	})[action] ?? action;

const LIMITS: Record<string, () => { label: string; hint: string }> = {
	leverage: () => ({ label: m.builder_limit_leverage(), hint: m.builder_limit_leverage_hint() }),
	max_open_positions: () => ({ label: m.builder_limit_positions(), hint: m.builder_limit_positions_hint() }),
	max_drawdown: () => ({ label: m.builder_limit_drawdown(), hint: m.builder_limit_drawdown_hint() }),
	daily_loss: () => ({ label: m.builder_limit_daily(), hint: m.builder_limit_daily_hint() }),
	safety_mode: () => ({ label: m.builder_limit_safety(), hint: m.builder_limit_safety_hint() }),
	cooldown_bars: () => ({ label: m.builder_limit_cooldown(), hint: m.builder_limit_cooldown_hint() }),
	stop_after_losses: () => ({ label: m.builder_limit_losses(), hint: m.builder_limit_losses_hint() })
};

/** Kinds of average, by the number that an indicator knows them by. */
export const AVERAGES = ['SMA', 'EMA', 'WMA', 'DEMA', 'TEMA', 'TRIMA', 'KAMA', 'MAMA', 'T3'].map(
	(label, at) => ({
		value: String(at),
		label
	})
);

/** A limit that this page has no words for goes by its name. */
export const limitWords = (key: string): { label: string; hint: string } =>
	LIMITS[key]?.() ?? { label: key, hint: '' };

const GROUPS: Record<string, () => string> = {
	'Cycle Indicators': m.builder_catalog_cycle,
	'Math Operators': m.builder_catalog_operators,
	'Math Transform': m.builder_catalog_transform,
	'Momentum Indicators': m.builder_catalog_momentum,
	'Overlap Studies': m.builder_catalog_overlap,
	'Pattern Recognition': m.builder_catalog_patterns,
	'Price Transform': m.builder_catalog_price,
	'Statistic Functions': m.builder_catalog_statistics,
	'Volatility Indicators': m.builder_catalog_volatility,
	'Volume Indicators': m.builder_catalog_volume
};

/** A group of the catalog that this page has no words for goes by its name. */
export const indicatorGroup = (group: string): string => GROUPS[group]?.() ?? group;

import type { Schemas } from '$lib/api/client';
import { i18n } from '$lib/i18n/locale.svelte';
import { m } from '$lib/paraglide/messages';

const UNITS: Record<string, string> = { m: 'minute', h: 'hour', d: 'day', w: 'week', M: 'month' };

/** `1h` as `1 hour`, in the reader's language. */
export function barLength(timeframe: string): string {
	const [, digits, letter] = /^(\d+)([mhdwM])$/.exec(timeframe) ?? [];
	const unit = letter && UNITS[letter];
	if (!unit) return timeframe;
	return new Intl.NumberFormat(i18n.locale, { style: 'unit', unit, unitDisplay: 'long' }).format(
		Number(digits)
	);
}

/** Presets are named by their kind and the month in which they begin. */
export function presetName(preset: Schemas['Preset']): string {
	const month = new Intl.DateTimeFormat(i18n.locale, {
		month: 'short',
		year: 'numeric',
		timeZone: 'UTC'
	}).format(new Date(preset.start));
	const words = {
		all: () => preset.name,
		bull: () => m.backtest_preset_bull({ month }),
		crash: () => m.backtest_preset_crash({ month }),
		sideways: () => m.backtest_preset_sideways({ month }),
		recovery: () => m.backtest_preset_recovery({ month })
	};
	return words[preset.kind]();
}

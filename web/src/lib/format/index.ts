/**
 * Numbers and times in words. Money and quantities come as decimal strings and are only ever shown: `Intl` formats a
 * decimal string exactly, and nothing here adds or multiplies.
 */
import { i18n } from '$lib/i18n/locale.svelte';
import { preferences } from '$lib/preferences.svelte';

export const NOTHING = '–';

type Amount = string | null | undefined;
type Fraction = number | null | undefined;

/** Making a format costs a thousand times what using it does. The language is part of the key: one that was made before a switch would keep it. */
function remembered<Options, Made>(
	make: (locale: string, options: Options) => Made
): (options: Options) => Made {
	const known = new Map<string, Made>();
	return (options) => {
		const key = i18n.locale + JSON.stringify(options);
		let found = known.get(key);
		if (!found) known.set(key, (found = make(i18n.locale, options)));
		return found;
	};
}

const format = remembered(
	(locale, options: Intl.NumberFormatOptions) => new Intl.NumberFormat(locale, options)
);
const moment = remembered(
	(locale, options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(locale, options)
);
const relative = remembered(
	(locale, options: Intl.RelativeTimeFormatOptions) => new Intl.RelativeTimeFormat(locale, options)
);

/** French groups with a narrow space that the font draws almost invisibly. */
const spaced = (text: string) => text.replaceAll('\u202f', '\u00a0').replace(/^-/, '\u2212');

const exact = (amount: string) => amount as Intl.StringNumericLiteral;

/** `10,250.50`; with `sign` also `+250.50`. */
export function money(amount: Amount, { sign = false, digits = 2 } = {}): string {
	if (amount == null) return NOTHING;
	const options: Intl.NumberFormatOptions = { minimumFractionDigits: digits, maximumFractionDigits: digits };
	return spaced(format(sign ? { ...options, signDisplay: 'exceptZero' } : options).format(exact(amount)));
}

/** A price or a quantity with the digits that it has, at most eight. */
export function decimal(amount: Amount, digits = 8): string {
	return amount == null ? NOTHING : spaced(format({ maximumFractionDigits: digits }).format(exact(amount)));
}

/** A fraction as percent: 0.0512 is `5.12 %`. */
export function percent(fraction: Fraction, { sign = false, digits = 2 } = {}): string {
	if (fraction == null || !Number.isFinite(fraction)) return NOTHING;
	const options: Intl.NumberFormatOptions = {
		style: 'percent',
		minimumFractionDigits: digits,
		maximumFractionDigits: digits
	};
	return spaced(format(sign ? { ...options, signDisplay: 'exceptZero' } : options).format(fraction));
}

/** A ratio such as Sharpe's. */
export function ratio(value: Fraction, digits = 2): string {
	if (value == null || !Number.isFinite(value)) return NOTHING;
	return spaced(format({ minimumFractionDigits: digits, maximumFractionDigits: digits }).format(value));
}

/** A number of any size in at most so many digits: a price as well as an oscillator. */
export function measure(value: Fraction, { sign = false, digits = 6 } = {}): string {
	if (value == null || !Number.isFinite(value)) return NOTHING;
	const options: Intl.NumberFormatOptions = { maximumSignificantDigits: digits };
	return spaced(format(sign ? { ...options, signDisplay: 'exceptZero' } : options).format(value));
}

export function count(value: number | null | undefined): string {
	return value == null ? NOTHING : spaced(format({ maximumFractionDigits: 0 }).format(value));
}

export function bytes(value: number): string {
	const unit = value >= 1 << 20 ? 'megabyte' : 'kilobyte';
	return spaced(
		format({ style: 'unit', unit, maximumFractionDigits: 1 }).format(
			value / (unit === 'megabyte' ? 1 << 20 : 1 << 10)
		)
	);
}

/** A moment as the options say, in UTC or in local time as the settings say. */
export function dated(at: Date, options: Intl.DateTimeFormatOptions): string {
	return moment(preferences.zone === 'utc' ? { ...options, timeZone: 'UTC' } : options).format(at);
}

/** `21 Nov 2026, 14:05`. */
export function instant(at: string | null | undefined): string {
	if (at == null) return NOTHING;
	return dated(new Date(at), { dateStyle: 'medium', timeStyle: 'short', hourCycle: 'h23' });
}

/** `21 Nov 2026`. */
export function day(at: string | null | undefined): string {
	return at == null ? NOTHING : dated(new Date(at), { dateStyle: 'medium' });
}

/** `21/11, 14:05`: short, for narrow tables. */
export function brief(at: string | null | undefined): string {
	if (at == null) return NOTHING;
	return dated(new Date(at), {
		day: '2-digit', month: 'short', year: '2-digit', hour: '2-digit', minute: '2-digit', hourCycle: 'h23'
	}); // prettier-ignore
}

const STEPS: [Intl.RelativeTimeFormatUnit, number][] = [
	['year', 31_536_000],
	['month', 2_592_000],
	['day', 86_400],
	['hour', 3_600],
	['minute', 60],
	['second', 1]
];

/** `4 minutes ago`. */
export function ago(at: string, now: number): string {
	const seconds = Math.round((new Date(at).getTime() - now) / 1000);
	const [unit, length] = STEPS.find(([, each]) => Math.abs(seconds) >= each) ?? ['second', 1];
	return relative({ numeric: 'auto', style: 'short' }).format(Math.trunc(seconds / length), unit);
}

/** `1.2 s`, `350 ms`, `2 min`. */
export function duration(seconds: number): string {
	const [value, unit, digits]: [number, string, number] =
		seconds < 1
			? [seconds * 1000, 'millisecond', 0]
			: seconds < 120
				? [seconds, 'second', 1]
				: [seconds / 60, 'minute', 0];
	return spaced(
		format({ style: 'unit', unit, unitDisplay: 'short', maximumFractionDigits: digits }).format(value)
	);
}

/** Up, down or neither: what a number's colour says beside its sign. */
export function direction(value: string | number | null | undefined): 'up' | 'down' | 'flat' {
	if (value == null) return 'flat';
	const text = String(value);
	if (!/[1-9]/.test(text.replace(/e.*$/i, ''))) return 'flat';
	return text.startsWith('-') ? 'down' : 'up';
}

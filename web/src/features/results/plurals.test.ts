import { afterEach, expect, test } from 'vitest';
import { i18n } from '$lib/i18n/locale.svelte';
import { m } from '$lib/paraglide/messages';

afterEach(() => i18n.set('en'));

test.each([
	['en', 1, '1 bar'],
	['en', 2, '2 bars'],
	['fr', 1, '1 bougie'],
	['fr', 2, '2 bougies'],
	// French counts whole millions in a way of their own.
	['fr', 1_000_000, '1000000 bougies']
] as const)('in %s, %i is %s', (locale, bars, words) => {
	i18n.set(locale);
	expect(m.results_bars({ bars, count: String(bars) })).toBe(words);
});

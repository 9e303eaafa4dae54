import { expect, test } from 'vitest';

const placeholders = (text: unknown) =>
	[...JSON.stringify(text).matchAll(/\{(\w+)\}/g)].map((match) => match[1]).sort();

const files = import.meta.glob<Record<string, unknown>>('../../../messages/*/*.json', {
	eager: true,
	import: 'default'
});
const all = (locale: string) =>
	Object.assign(
		{},
		...Object.entries(files).flatMap(([path, messages]) =>
			path.endsWith(`/${locale}.json`) ? [messages] : []
		)
	) as Record<string, unknown>;
const en = all('en');
const fr = all('fr');

test('both languages have the same messages', () => {
	expect(Object.keys(fr).sort()).toEqual(Object.keys(en).sort());
});

test.each(Object.keys(en))('%s has the same placeholders in both languages', (key) => {
	expect(new Set(placeholders(fr[key]))).toEqual(new Set(placeholders(en[key])));
});

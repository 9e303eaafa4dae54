import { expect, test } from 'vitest';
import en from '../../../messages/en.json';
import fr from '../../../messages/fr.json';

const placeholders = (text: unknown) => [...JSON.stringify(text).matchAll(/\{(\w+)\}/g)].map((match) => match[1]).sort();

test('both languages have the same messages', () => {
	expect(Object.keys(fr).sort()).toEqual(Object.keys(en).sort());
});

test.each(Object.keys(en))('%s has the same placeholders in both languages', (key) => {
	const [english, french] = [en, fr].map((each) => (each as Record<string, unknown>)[key]);
	expect(new Set(placeholders(french))).toEqual(new Set(placeholders(english)));
});

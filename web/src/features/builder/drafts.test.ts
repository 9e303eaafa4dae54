import { beforeEach, expect, test } from 'vitest';
import { Drafts } from './drafts';

const drafts = new Drafts(localStorage);
const draft = { version: 3, text: '{"name": "mine"}', at: '2026-11-21T12:00:00Z', parked: [] };

beforeEach(() => localStorage.clear());

test('a draft is found again after a reload, each with its own strategy', () => {
	drafts.keep('one', draft);
	expect(new Drafts(localStorage).find('one', '{}')).toEqual(draft);
	expect(drafts.find('two', '{}')).toBeNull();
});

test('a draft that says what is saved anyway is not offered', () => {
	drafts.keep('one', draft);
	expect(drafts.find('one', draft.text)).toBeNull();
});

test('conditions that are set aside are a draft, whatever the text says', () => {
	const aside = {
		...draft,
		parked: [{ rule: 'enter', list: ['when', 'all'], at: 0, item: { left: 'close' } }]
	};
	drafts.keep('one', aside);
	expect(drafts.find('one', draft.text)).toEqual(aside);
});

test('a dropped draft is gone', () => {
	drafts.keep('one', draft);
	drafts.drop('one');
	expect(drafts.find('one', '{}')).toBeNull();
});

test.each(['', 'nothing', 'null', '[]', '{"version": "3", "text": "a", "at": "b"}'])(
	'what is no draft (%s) is none',
	(stored) => {
		localStorage.setItem('assay.draft.one', stored);
		expect(drafts.find('one', '{}')).toBeNull();
	}
);

test('a store that refuses loses the draft and nothing else', () => {
	const closed = () => {
		throw new Error('closed');
	};
	const refusing = new Drafts({ getItem: closed, setItem: closed, removeItem: closed });
	refusing.keep('one', draft);
	refusing.drop('one');
	expect(refusing.find('one', '{}')).toBeNull();
});

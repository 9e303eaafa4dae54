import { expect, test } from 'vitest';
import { Pages } from './pages.svelte';

const page = (next_cursor: string | null) => ({ next_cursor, total: 120, items: [] });

test('the first page has no cursor', () => {
	expect(new Pages(50).query).toEqual({ limit: 50 });
});

test('one can go on, and back again', () => {
	const pages = new Pages(50);
	pages.next(page('a'));
	pages.next(page('b'));
	expect(pages.query).toEqual({ limit: 50, cursor: 'b' });
	expect(pages.skipped).toBe(100);
	pages.previous();
	expect(pages.query).toEqual({ limit: 50, cursor: 'a' });
});

test('nothing follows the last page, and nothing precedes the first', () => {
	const pages = new Pages(50);
	pages.next(page(null));
	pages.previous();
	expect(pages.first).toBe(true);
});

test('another sort begins at the first page', () => {
	const pages = new Pages(50);
	pages.next(page('a'));
	pages.reset();
	expect(pages.query).toEqual({ limit: 50 });
});

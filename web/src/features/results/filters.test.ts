import { expect, test } from 'vitest';
import { asked, changed, read } from './filters';

const of = (text: string) => read(new URLSearchParams(text));

test('an address without words asks for everything, the newest first', () => {
	expect(of('').sort).toBe('-ended_at');
	expect(asked(of(''))).toEqual({});
});

test('a day is asked for up to its end', () => {
	expect(asked(of('from=2026-01-01&to=2026-01-31'))).toEqual({
		from: '2026-01-01T00:00:00.000Z',
		to: '2026-02-01T00:00:00.000Z'
	});
});

test.each(['sort=--x', 'sort=id', 'outcome=maybe', 'from=2026-99-99', 'to=<script>'])(
	'%s is as if it were not there',
	(text) => {
		expect(of(text)).toEqual(of(''));
	}
);

test('a search is trimmed, and as long as the server takes it', () => {
	expect(asked(of('search=+cross+'))).toEqual({ search: 'cross' });
	expect(of(`search=${'x'.repeat(500)}`).search).toHaveLength(120);
});

test('a change keeps the rest of the address', () => {
	const params = new URLSearchParams('search=cross&sort=sharpe');
	expect(changed(params, { search: '', outcome: 'loss' })).toBe('sort=sharpe&outcome=loss');
});

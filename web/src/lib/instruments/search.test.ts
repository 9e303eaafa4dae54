import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { InstrumentSearch, type Found } from './search';

const found = (query: string) => [{ id: `a:${query}` } as Found];

let asked: { query: string; signal: AbortSignal; answer: () => void; refuse: () => void }[];
let now: number;
let search: InstrumentSearch;
let heard: string[];
const hear = (of: readonly Found[]) => void heard.push(...of.map((each) => each.id));
const fail = (error: unknown) => void heard.push(String(error));
const want = (query: string) => search.want(query, hear, fail);

beforeEach(() => {
	vi.useFakeTimers();
	[asked, heard, now] = [[], [], 0];
	search = new InstrumentSearch(
		(query, signal) =>
			new Promise((resolve, reject) => {
				const answer = () => resolve(found(query));
				asked.push({ query, signal, answer, refuse: () => reject(new Error('no')) });
			}),
		() => now
	);
});
afterEach(() => void vi.useRealTimers());

async function answered(place = 0): Promise<void> {
	await vi.advanceTimersByTimeAsync(100);
	asked[place]?.answer();
	await vi.advanceTimersByTimeAsync(0);
}

test('what is typed in one go is asked once', async () => {
	for (const query of ['b', 'bt', 'btc']) want(query);
	await answered();
	expect(asked.map((each) => each.query)).toEqual(['btc']);
	expect(heard).toEqual(['a:btc']);
});

test('never is more than one on its way, and one that was overtaken is not heard', async () => {
	want('b');
	await vi.advanceTimersByTimeAsync(100);
	want('bt');
	expect(asked[0]?.signal.aborted).toBe(true);
	asked[0]?.answer();
	await answered(1);
	expect(heard).toEqual(['a:bt']);
});

test('the same query is answered from here, however it is spaced and written, until it is old', async () => {
	want('BTC usd');
	await answered();
	want('  btc  USD ');
	expect([asked.length, heard]).toEqual([1, ['a:btc usd', 'a:btc usd']]);
	now = 5 * 60_000;
	want('btc usd');
	await answered(1);
	expect(asked.length).toBe(2);
});

test('a failure is told, and not kept', async () => {
	want('x');
	await vi.advanceTimersByTimeAsync(100);
	asked[0]?.refuse();
	await vi.advanceTimersByTimeAsync(0);
	expect(heard).toEqual(['Error: no']);
	expect(search.known('x')).toBeNull();
});

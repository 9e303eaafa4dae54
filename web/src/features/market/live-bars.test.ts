import { expect, test } from 'vitest';
import type { Columns } from '$lib/charts/columns';
import { LiveFeed, type Socket } from '$lib/stream/feed.svelte';
import { LiveBars } from './live-bars.svelte';

const HOUR = 3_600;
const TOPIC = 'prices.1h.synthetic:WALK/USD';

/** A server that keeps bars up to `newest` and says what it is told to say. */
async function begun(newest: number) {
	const columns = { time: Uint32Array.of(newest), values: new Map([['close', Float32Array.of(1)]]) };
	const stored = { before: () => Promise.resolve(columns) };
	const socket: Socket = {
		onopen: null,
		onclose: null,
		onmessage: null,
		send: () => undefined,
		close: () => undefined
	};
	const feed = new LiveFeed(() => socket);
	const source = new LiveBars('synthetic:WALK/USD', '1h', HOUR, {}, stored, feed);
	const pushed: Columns[] = [];
	await source.before(null, 10);
	const leave = source.follow((newer) => pushed.push(newer));
	const say = (message: object) =>
		socket.onmessage?.({ data: JSON.stringify({ topic: TOPIC, seq: 1, ...message }) });
	const price = (time: number, close: number) =>
		say({ type: 'event', price: { time, open: 1, high: 2, low: 1, close, volume: 0, closed: false } });
	return { source, pushed, price, say, leave };
}

test('the bar that is forming comes again with each price', async () => {
	const { source, pushed, price } = await begun(2 * HOUR);
	price(3 * HOUR, 1.5);
	price(3 * HOUR, 1.25);
	price(4 * HOUR, 1.75);
	expect(pushed.map((each) => [each.time[0], each.values.get('close')?.[0]])).toEqual([
		[3 * HOUR, 1.5],
		[3 * HOUR, 1.25],
		[4 * HOUR, 1.75]
	]);
	expect(source.missing).toBeNull();
});

test('what lies between the store and the first live bar is said', async () => {
	const { source, price } = await begun(2 * HOUR);
	price(6 * HOUR, 1);
	price(7 * HOUR, 1);
	expect(source.missing).toEqual({ from: 3 * HOUR, to: 6 * HOUR });
});

test('why nothing comes live is said, until something comes', async () => {
	const { source, say, price } = await begun(HOUR);
	say({ type: 'problem', code: 'unavailable', message: 'it has ended' });
	expect(source.problem).toBe('it has ended');
	price(2 * HOUR, 1);
	expect(source.problem).toBeNull();
});

test('who has left hears nothing', async () => {
	const { pushed, price, leave } = await begun(HOUR);
	leave();
	price(2 * HOUR, 1);
	expect(pushed).toEqual([]);
});

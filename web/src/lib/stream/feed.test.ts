import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { LiveFeed, type EventMessage, type Socket } from './feed.svelte';

/** The other end: what it heard, and what it says when it is told to. */
class Server {
	sockets: Wire[] = [];
	readonly connect = (): Socket => {
		const wire = new Wire();
		this.sockets.push(wire);
		return wire;
	};
	get wire(): Wire {
		return this.sockets.at(-1) as Wire;
	}
}

class Wire implements Socket {
	onopen: (() => void) | null = null;
	onclose: (() => void) | null = null;
	onmessage: ((event: { data: string }) => void) | null = null;
	heard: Record<string, unknown>[] = [];

	send(text: string): void {
		this.heard.push(JSON.parse(text) as Record<string, unknown>);
	}
	close(): void {
		this.onclose?.();
	}
	say(message: object): void {
		this.onmessage?.({ data: JSON.stringify(message) });
	}
	event(topic: string, seq: number): void {
		this.say({ type: 'event', topic, seq, data: {} });
	}
	get asked(): Record<string, unknown>[] {
		return this.heard.filter((message) => message.type !== 'ping');
	}
}

const SESSION = 'session.s1';
let server: Server;
let feed: LiveFeed;
let seen: number[];
const listener = { onevent: (message: EventMessage) => void seen.push(message.seq) };

beforeEach(() => {
	vi.useFakeTimers();
	vi.spyOn(Math, 'random').mockReturnValue(1);
	server = new Server();
	feed = new LiveFeed(server.connect);
	seen = [];
});
afterEach(() => {
	feed.close();
	vi.restoreAllMocks();
	vi.useRealTimers();
});

function connected(after: number | null = null): Wire {
	feed.subscribe(SESSION, listener, after);
	server.wire.onopen?.();
	return server.wire;
}

test('a topic is asked for once the socket is open', () => {
	feed.subscribe(SESSION, listener, 7);
	expect(server.wire.asked).toEqual([]);
	server.wire.onopen?.();
	expect(server.wire.asked).toEqual([{ type: 'subscribe', topic: SESSION, after: 7 }]);
	expect(feed.link).toBe('open');
});

test('an event that comes twice is heard once', () => {
	const wire = connected(0);
	for (const seq of [1, 2, 2, 1, 3]) wire.event(SESSION, seq);
	expect(seen).toEqual([1, 2, 3]);
	expect(feed.gaps).toBe(0);
});

test('a gap is asked for again, once, and nothing behind it is heard before', () => {
	const wire = connected(0);
	for (const seq of [1, 4, 5, 6]) wire.event(SESSION, seq);
	expect(seen).toEqual([1]);
	expect(feed.gaps).toBe(1);
	expect(wire.asked.slice(1)).toEqual([{ type: 'subscribe', topic: SESSION, after: 1 }]);
	for (const seq of [2, 3, 4, 5, 6]) wire.event(SESSION, seq);
	expect(seen).toEqual([1, 2, 3, 4, 5, 6]);
});

test('after a fall it comes back and resumes after what was seen', () => {
	const wire = connected(0);
	wire.event(SESSION, 1);
	wire.event(SESSION, 2);
	wire.close();
	expect(feed.link).toBe('connecting');
	vi.advanceTimersByTime(500);
	server.wire.onopen?.();
	expect(server.sockets.length).toBe(2);
	expect(server.wire.asked).toEqual([{ type: 'subscribe', topic: SESSION, after: 2 }]);
	server.wire.event(SESSION, 2);
	server.wire.event(SESSION, 3);
	expect(seen).toEqual([1, 2, 3]);
	expect(feed.reconnects).toBe(1);
});

test('it waits longer after each fall, and not for ever', () => {
	feed.open();
	const waits: number[] = [];
	for (let fall = 0; fall < 8; fall += 1) {
		const before = server.sockets.length;
		server.wire.close();
		let waited = 0;
		while (server.sockets.length === before) {
			vi.advanceTimersByTime(100);
			waited += 100;
		}
		waits.push(waited);
	}
	expect(waits).toEqual([500, 1000, 2000, 4000, 8000, 15000, 15000, 15000]);
});

test('a topic that is not durable has no gaps and starts anew', () => {
	feed.subscribe('jobs.j1', listener);
	server.wire.onopen?.();
	server.wire.event('jobs.j1', 5);
	server.wire.event('jobs.j1', 9);
	expect(seen).toEqual([5, 9]);
	server.wire.close();
	vi.advanceTimersByTime(500);
	server.wire.onopen?.();
	expect(server.wire.asked).toEqual([{ type: 'subscribe', topic: 'jobs.j1' }]);
});

const PRICE = 'prices.1m.synthetic:WALK/USD';

test('who comes to a topic that is listened to shares it, and is told the newest at once', () => {
	const late: number[] = [];
	feed.subscribe(PRICE, listener);
	server.wire.onopen?.();
	server.wire.event(PRICE, 3);
	server.wire.event(PRICE, 7);
	feed.subscribe(PRICE, { onevent: (message) => void late.push(message.seq) });
	server.wire.event(PRICE, 8);
	expect(server.wire.asked).toEqual([{ type: 'subscribe', topic: PRICE }]);
	expect([seen, late]).toEqual([
		[3, 7, 8],
		[7, 8]
	]);
	expect(feed.gaps).toBe(0);
});

test('a topic is left when its last listener leaves, once', () => {
	const leave = [feed.subscribe(PRICE, listener), feed.subscribe(PRICE, { onevent: () => undefined })];
	server.wire.onopen?.();
	leave[0]?.();
	expect(server.wire.asked).toHaveLength(1);
	leave[1]?.();
	leave[1]?.();
	server.wire.event(PRICE, 1);
	expect(server.wire.asked.slice(1)).toEqual([{ type: 'unsubscribe', topic: PRICE }]);
	expect(seen).toEqual([]);
});

test('a server that falls silent is left', () => {
	const wire = connected();
	wire.say({ type: 'pong', id: '' });
	vi.advanceTimersByTime(5_000);
	expect(wire.heard.filter((message) => message.type === 'ping').length).toBe(2);
	vi.advanceTimersByTime(10_000);
	expect(feed.link).toBe('connecting');
});

test('a pong tells how long the way is', () => {
	const wire = connected();
	vi.advanceTimersByTime(30);
	wire.say({ type: 'pong', id: '' });
	expect(feed.roundTrip).toBe(30);
});

test('who leaves hears nothing more', () => {
	const leave = feed.subscribe(SESSION, listener, 0);
	server.wire.onopen?.();
	leave();
	server.wire.event(SESSION, 1);
	expect(seen).toEqual([]);
	expect(server.wire.asked.at(-1)).toEqual({ type: 'unsubscribe', topic: SESSION });
});

test('a feed that was closed on purpose stays closed', () => {
	const wire = connected();
	feed.close();
	wire.close();
	vi.advanceTimersByTime(60_000);
	expect(server.sockets.length).toBe(1);
	expect(feed.link).toBe('closed');
});

import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { LiveFeed, type Socket } from './feed.svelte';

/** A server with a journal of sixty events, whose connections fall after a random number of messages. */
class Server {
	connections = 0;
	constructor(readonly chance: () => number) {}

	connect = (): Socket => {
		this.connections += 1;
		let left = 1 + Math.floor(this.chance() * 12);
		let open = true;
		const socket: Socket = {
			onopen: null,
			onclose: null,
			onmessage: null,
			close: () => {
				if (open) socket.onclose?.();
				open = false;
			},
			send: (text) => {
				const message = JSON.parse(text) as { type: string; topic: string; after?: number };
				if (message.type !== 'subscribe') return;
				if (message.after === undefined) tell({ type: 'snapshot', topic: message.topic, seq: 0 });
				for (let seq = (message.after ?? 0) + 1; open && seq <= 60; seq += 1)
					tell({ type: 'event', topic: message.topic, seq });
			}
		};
		const tell = (message: object) => {
			if (left === 0) socket.close();
			if (!open) return;
			left -= 1;
			socket.onmessage?.({ data: JSON.stringify(message) });
		};
		queueMicrotask(() => socket.onopen?.());
		return socket;
	};
}

function chance(seed: number): () => number {
	let state = seed;
	return () => (state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296) / 4_294_967_296;
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test.each(Array.from({ length: 40 }, (_, seed) => seed))(
	'a durable topic is heard without a gap and without a double, however often the line falls, seed %i',
	async (seed) => {
		const server = new Server(chance(seed + 1));
		const feed = new LiveFeed(server.connect);
		const heard: number[] = [];
		feed.subscribe('session.a', { onevent: (message) => heard.push(message.seq) });
		for (let round = 0; round < 80 && heard.length < 60; round += 1)
			await vi.advanceTimersByTimeAsync(16_000);
		expect(heard).toEqual(Array.from({ length: 60 }, (_, place) => place + 1));
		expect([feed.gaps, feed.reconnects]).toEqual([0, server.connections - 1]);
		feed.close();
	}
);

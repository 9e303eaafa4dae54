import type { Schemas } from '$lib/api/client';

export type EventMessage = Schemas['EventMessage'];
export type SnapshotMessage = Schemas['SnapshotMessage'];
export type ProblemMessage = Schemas['ProblemMessage'];
type ServerMessage =
	EventMessage | SnapshotMessage | ProblemMessage | Schemas['AckMessage'] | Schemas['PongMessage'];
export type Link = 'open' | 'connecting' | 'closed';

export interface Listener {
	onsnapshot?: (message: SnapshotMessage) => void;
	/** Each event once and in order, also across reconnects. */
	onevent?: (message: EventMessage) => void;
	onproblem?: (message: ProblemMessage) => void;
}

interface Subscription {
	listeners: Set<Listener>;
	/** Of a topic that is not durable, what was heard last: whoever comes later is told at once. */
	newest: SnapshotMessage | EventMessage | null;
	/** The last number seen; a reconnect goes on after it. */
	seen: number | null;
	/** What was missed has been asked for; until it comes, later events are not waited for a second time. */
	missing: boolean;
}

const PING_EVERY = 5_000;
const SILENT_FOR = 12_000;
const FIRST_WAIT = 500;
const LONGEST_WAIT = 15_000;

export interface Socket {
	send(text: string): void;
	close(): void;
	onopen: (() => void) | null;
	onclose: (() => void) | null;
	onmessage: ((event: { data: string }) => void) | null;
}

/** Its events are a journal, numbered without a gap; of all other topics the newest word replaces the one before. */
const isDurable = (topic: string) => topic.startsWith('session.');

function tell(listener: Listener, message: SnapshotMessage | EventMessage): void {
	if (message.type === 'snapshot') listener.onsnapshot?.(message);
	else listener.onevent?.(message);
}

/**
 * The one socket of the page. It comes back by itself after a fall, waiting a random part of a growing time so that many
 * browsers do not return at once, and resumes every durable topic after the last number that was seen.
 */
export class LiveFeed {
	link: Link = $state('closed');
	roundTrip: number | null = $state(null);
	reconnects = $state(0);
	gaps = $state(0);

	// eslint-disable-next-line svelte/prefer-svelte-reactivity -- nothing is drawn from it
	#topics = new Map<string, Subscription>();
	#socket: Socket | null = null;
	#wait = FIRST_WAIT;
	#heard = 0;
	#pinged = 0;
	#retry: ReturnType<typeof setTimeout> | undefined;
	#heart: ReturnType<typeof setInterval> | undefined;
	#connect: () => Socket;

	constructor(connect: () => Socket) {
		this.#connect = connect;
	}

	open(): void {
		if (this.#socket) return;
		this.link = 'connecting';
		const socket = (this.#socket = this.#connect());
		socket.onopen = () => this.#opened();
		socket.onmessage = (event) => this.#received(JSON.parse(event.data) as ServerMessage);
		socket.onclose = () => this.#closed(socket);
	}

	close(): void {
		clearTimeout(this.#retry);
		clearInterval(this.#heart);
		const socket = this.#socket;
		this.#socket = null;
		socket?.close();
		this.link = 'closed';
	}

	/** Answers how to leave. Whoever else wants what is listened to already shares it; a durable topic has one listener, the last who came. */
	subscribe(topic: string, listener: Listener, after: number | null = null): () => void {
		const shared = isDurable(topic) ? undefined : this.#topics.get(topic);
		const subscription = shared ?? this.#begin(topic, after);
		subscription.listeners.add(listener);
		if (subscription.newest) tell(listener, subscription.newest);
		return () => {
			subscription.listeners.delete(listener);
			if (subscription.listeners.size || this.#topics.get(topic) !== subscription) return;
			this.#topics.delete(topic);
			if (this.link === 'open') this.#send({ type: 'unsubscribe', topic });
		};
	}

	#begin(topic: string, after: number | null): Subscription {
		// eslint-disable-next-line svelte/prefer-svelte-reactivity -- nothing is drawn from it
		const subscription: Subscription = { listeners: new Set(), newest: null, seen: after, missing: false };
		this.#topics.set(topic, subscription);
		this.open();
		if (this.link === 'open') this.#ask(topic, subscription);
		return subscription;
	}

	#opened(): void {
		this.link = 'open';
		this.#wait = FIRST_WAIT;
		this.#heard = performance.now();
		for (const [topic, subscription] of this.#topics) {
			subscription.missing = false;
			this.#ask(topic, subscription);
		}
		this.#ping();
		clearInterval(this.#heart);
		this.#heart = setInterval(() => {
			if (performance.now() - this.#heard > SILENT_FOR) this.#socket?.close();
			else this.#ping();
		}, PING_EVERY);
	}

	#closed(socket: Socket): void {
		if (this.#socket !== socket) return; // one that was let go of on purpose
		this.#socket = null;
		clearInterval(this.#heart);
		this.link = 'connecting';
		this.roundTrip = null;
		this.#retry = setTimeout(() => {
			this.reconnects += 1;
			this.open();
		}, Math.random() * this.#wait);
		this.#wait = Math.min(this.#wait * 2, LONGEST_WAIT);
	}

	#received(message: ServerMessage): void {
		this.#heard = performance.now();
		if (message.type === 'pong') {
			this.roundTrip = this.#heard - this.#pinged;
			return;
		}
		const subscription =
			message.type === 'ack' || message.topic === null ? undefined : this.#topics.get(message.topic);
		if (!subscription) return;
		if (message.type === 'problem')
			for (const listener of subscription.listeners) listener.onproblem?.(message);
		else if (message.type === 'snapshot') {
			subscription.seen = message.seq;
			this.#tell(message, subscription);
		} else if (message.type === 'event') this.#event(message, subscription);
	}

	#event(message: EventMessage, subscription: Subscription): void {
		if (isDurable(message.topic) && subscription.seen !== null) {
			if (message.seq <= subscription.seen) return; // it was seen before the fall
			if (message.seq > subscription.seen + 1) {
				if (subscription.missing) return;
				subscription.missing = true;
				this.gaps += 1;
				this.#ask(message.topic, subscription);
				return;
			}
		}
		subscription.missing = false;
		subscription.seen = message.seq;
		this.#tell(message, subscription);
	}

	#tell(message: SnapshotMessage | EventMessage, subscription: Subscription): void {
		if (!isDurable(message.topic)) subscription.newest = message;
		for (const listener of subscription.listeners) tell(listener, message);
	}

	#ask(topic: string, subscription: Subscription): void {
		const resumes = isDurable(topic) && subscription.seen !== null;
		this.#send({ type: 'subscribe', topic, ...(resumes ? { after: subscription.seen } : {}) });
	}

	#ping(): void {
		this.#pinged = performance.now();
		this.#send({ type: 'ping', id: '' });
	}

	#send(message: Schemas['Subscribe'] | Schemas['Unsubscribe'] | { type: 'ping'; id: string }): void {
		this.#socket?.send(JSON.stringify(message));
	}
}

export const feed = new LiveFeed(
	() =>
		new WebSocket(
			`${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/ws`
		) as unknown as Socket
);

import { expect, test } from 'vitest';
import { LiveFeed, type Socket } from '$lib/stream/feed.svelte';
import { LiveSession } from './live-session.svelte';

/** A socket whose other end is the test. */
function line() {
	const sent: unknown[] = [];
	const socket: Socket = {
		send: (text) => void sent.push(JSON.parse(text)),
		close: () => undefined,
		onopen: null,
		onclose: null,
		onmessage: null
	};
	return { socket, sent, say: (message: object) => socket.onmessage?.({ data: JSON.stringify(message) }) };
}

type Session = Parameters<LiveSession['follow']>[0];
const queued = { id: 's', job_id: 'j', state: 'queued', view: { equity: '10000' } } as unknown as Session;
const job = (state: string, fraction: number | null) => ({
	type: 'event', topic: 'jobs.j', seq: 1, job: { id: 'j', state, phase: 'running', fraction }
}); // prettier-ignore

test('a session is followed from its order to its end', () => {
	const { socket, sent, say } = line();
	const feed = new LiveFeed(() => socket);
	const session = new LiveSession();
	const leave = session.follow(queued, feed);
	socket.onopen?.();
	expect(sent).toContainEqual({ type: 'subscribe', topic: 'jobs.j' });
	expect([session.state, session.over]).toEqual(['queued', false]);

	say(job('running', 0.4));
	expect([session.state, session.job?.fraction, session.over]).toEqual(['running', 0.4, false]);
	say({ type: 'snapshot', topic: 'session.s', seq: 7, state: 'running', view: { equity: '10250.5' } });
	expect(session.view?.equity).toBe('10250.5');
	say(job('finished', 1));
	expect([session.state, session.over]).toEqual(['finished', true]);

	leave();
	expect(sent).toContainEqual({ type: 'unsubscribe', topic: 'session.s' });
	feed.close();
});

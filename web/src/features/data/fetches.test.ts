import { expect, test } from 'vitest';
import { ApiError, type Schemas } from '$lib/api/client';
import { LiveFeed, type Socket } from '$lib/stream/feed.svelte';
import { Fetch } from './fetches.svelte';

type Job = Schemas['JobView'];
const wanted = { instrument: 'a:X', timeframe: '1h', from: '2026-01-01T00:00:00Z', to: null };
const job = (state: Job['state'], fraction: number | null = null): Job => ({
	id: 'j1', kind: 'fetch', state, phase: '', fraction, elapsed_seconds: 0, remaining_seconds: null, result: null, errors: []
}); // prettier-ignore

function begun(send = () => Promise.resolve(job('queued'))) {
	const socket: Socket = {
		onopen: null,
		onclose: null,
		onmessage: null,
		send: () => undefined,
		close: () => undefined
	};
	let ends = 0;
	const fetch = new Fetch(wanted, () => (ends += 1), send, new LiveFeed(() => socket));
	const say = (heard: Job) =>
		socket.onmessage?.({ data: JSON.stringify({ type: 'event', topic: 'jobs.j1', seq: 1, job: heard }) });
	return { fetch, say, ends: () => ends };
}

test('a fetch is followed to its end, once', async () => {
	const { fetch, say, ends } = begun();
	await fetch.start();
	expect(fetch.stage).toBe('asked');
	say(job('running', 0.5));
	expect([fetch.stage, fetch.job?.fraction, ends()]).toEqual(['running', 0.5, 0]);
	say(job('finished', 1));
	say(job('running', 0.1));
	expect([fetch.stage, ends()]).toEqual(['finished', 1]);
});

test('what is refused is said, and may be asked for again', async () => {
	let refused = true;
	const problem = {
		type: 'unknown_instrument',
		title: '',
		status: 404,
		detail: 'no',
		errors: [],
		trace_id: ''
	};
	const { fetch } = begun(() =>
		refused ? Promise.reject(new ApiError(problem)) : Promise.resolve(job('running'))
	);
	await fetch.start();
	expect([fetch.stage, fetch.refusal?.type]).toEqual(['failed', 'unknown_instrument']);
	refused = false;
	await fetch.start();
	expect([fetch.stage, fetch.refusal]).toEqual(['running', null]);
});

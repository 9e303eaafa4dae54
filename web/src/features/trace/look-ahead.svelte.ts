import { api, body, once, type Schemas } from '$lib/api/client';
import { feed, type LiveFeed } from '$lib/stream/feed.svelte';

type Job = Schemas['JobView'];

/** A search for what knew the future: a job at the server, and what it found. */
export class LookAheadSearch {
	job: Job | null = $state.raw(null);
	found: Schemas['LookAhead'] | null = $state.raw(null);
	error: unknown = $state.raw(null);
	stopping = $state(false);
	readonly busy = $derived(this.job !== null && ['queued', 'running'].includes(this.job.state));

	#leave: (() => void) | null = null;

	constructor(private readonly over: LiveFeed = feed) {}

	async start(order: Schemas['LookAheadRequest']): Promise<void> {
		this.leave();
		this.job = this.found = this.error = null;
		this.stopping = false;
		try {
			const job = await body(api.POST('/api/v1/strategies/lookahead', { body: order, headers: once() }));
			this.#hear(job);
			const hear = ({ job: now }: { job?: Job | null }) => now && this.#hear(now);
			this.#leave = this.over.subscribe(`jobs.${job.id}`, { onsnapshot: hear, onevent: hear });
		} catch (error) {
			this.error = error;
		}
	}

	async stop(): Promise<void> {
		if (!this.job) return;
		this.stopping = true;
		try {
			const path = { job_id: this.job.id };
			this.#hear(await body(api.POST('/api/v1/jobs/{job_id}/stop', { params: { path } })));
		} catch (error) {
			this.error = error;
		} finally {
			this.stopping = false;
		}
	}

	/** Nothing more is heard of the job; it goes on at the server. */
	leave(): void {
		this.#leave?.();
		this.#leave = null;
	}

	#hear(job: Job): void {
		const ended = this.job !== null && !this.busy;
		if (ended && this.job?.id === job.id) return;
		this.job = job;
		if (this.busy) return;
		this.leave();
		if (job.state === 'finished') void this.#read(job.id);
	}

	async #read(job: string): Promise<void> {
		try {
			this.found = await body(api.GET('/api/v1/lookahead/{job_id}', { params: { path: { job_id: job } } }));
		} catch (error) {
			this.error = error;
		}
	}
}

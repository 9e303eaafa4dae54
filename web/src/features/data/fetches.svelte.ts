import { ApiError, api, body, once, type Problem, type Schemas } from '$lib/api/client';
import { feed, type LiveFeed } from '$lib/stream/feed.svelte';

export interface Wanted {
	instrument: string;
	timeframe: string;
	/** ISO; the end may be open, which is now. */
	from: string;
	to: string | null;
}
type Job = Schemas['JobView'];
type Order = (wanted: Wanted) => Promise<Job>;

const order: Order = (wanted) => body(api.POST('/api/v1/market/fetch', { body: wanted, headers: once() }));

/** Bars on their way from a venue. What is stored already is not fetched again, so that starting anew goes on where it broke off. */
export class Fetch {
	job: Job | null = $state.raw(null);
	refusal: Problem | null = $state.raw(null);
	readonly stage: 'asked' | 'running' | 'finished' | 'failed' | 'stopped' = $derived.by(() => {
		if (this.refusal) return 'failed';
		const state = this.job?.state ?? 'queued';
		return state === 'queued' ? 'asked' : state;
	});
	#leave: (() => void) | undefined;

	constructor(
		readonly wanted: Wanted,
		private readonly ended: () => void,
		private readonly send: Order = order,
		private readonly over: LiveFeed = feed
	) {}

	async start(): Promise<void> {
		this.job = this.refusal = null;
		try {
			const job = await this.send(this.wanted);
			this.job = job;
			const hear = ({ job: heard }: { job?: Job | null }) => this.#hear(heard);
			this.#leave = this.over.subscribe(`jobs.${job.id}`, { onsnapshot: hear, onevent: hear });
		} catch (error) {
			if (!(error instanceof ApiError)) throw error;
			this.refusal = error.problem;
		}
	}

	stop(): void {
		const { job } = this;
		if (job) void api.POST('/api/v1/jobs/{job_id}/stop', { params: { path: { job_id: job.id } } });
	}

	leave(): void {
		this.#leave?.();
		this.#leave = undefined;
	}

	#hear(job: Job | null | undefined): void {
		if (!job) return;
		this.job = job;
		if (job.state === 'queued' || job.state === 'running') return;
		this.leave();
		this.ended();
	}
}

/** All fetches of this visit, newest first; they go on while other pages are looked at. */
export class Fetches {
	all: Fetch[] = $state.raw([]);
	/** How many have ended; whoever shows what is stored looks again when it changes. */
	ended = $state(0);

	start(wanted: Wanted): Fetch {
		const fetch = new Fetch(wanted, () => (this.ended += 1));
		this.all = [fetch, ...this.all];
		void fetch.start();
		return fetch;
	}

	dismiss(fetch: Fetch): void {
		fetch.leave();
		this.all = this.all.filter((each) => each !== fetch);
	}

	/** The newest of an instrument and a timeframe. */
	of(instrument: string, timeframe: string): Fetch | null {
		return (
			this.all.find(({ wanted }) => wanted.instrument === instrument && wanted.timeframe === timeframe) ??
			null
		);
	}
}

export const fetches = new Fetches();

import { api, ApiError, body, type Schemas } from '$lib/api/client';

export type PreviewRequest = Partial<Schemas['PreviewRequest']> & { document: Record<string, unknown> };
type Ask = (request: PreviewRequest, signal: AbortSignal) => Promise<Schemas['Preview']>;

/** As many marks as a curve of this size shows. */
const POINTS = 400;
/** So long an answer is waited for that is overtaken already, in milliseconds. */
const PATIENCE = 400;

const server: Ask = (request, signal) =>
	body(
		api.POST('/api/v1/strategies/preview', {
			body: { points: POINTS, ...request } as Schemas['PreviewRequest'],
			signal
		})
	);

/**
 * The preview of what was asked for last. One request at a time, and of those that wait only the last one goes: so a slider
 * is followed while it moves, and the server computes nothing that nobody sees. An answer that is long in coming while another
 * is wanted is cancelled.
 */
export class Previewer {
	shown: Schemas['Preview'] | null = $state.raw(null);
	/** What `shown` is the preview of. */
	of: PreviewRequest | null = $state.raw(null);
	error: ApiError | Error | null = $state.raw(null);
	busy = $state(false);
	#waiting: PreviewRequest | null = null;
	#running: AbortController | undefined;
	#began = 0;
	#timer: ReturnType<typeof setTimeout> | undefined;

	constructor(
		private readonly ask: Ask = server,
		private readonly clock: () => number = () => performance.now()
	) {}

	want(request: PreviewRequest): void {
		this.busy = true;
		if (!this.#running) return void this.#run(request);
		this.#waiting = request;
		clearTimeout(this.#timer);
		this.#timer = setTimeout(() => this.#overtake(), Math.max(0, this.#began + PATIENCE - this.clock()));
	}

	/** What is shown stays. */
	cancel(): void {
		clearTimeout(this.#timer);
		this.#running?.abort();
		this.#running = undefined;
		this.#waiting = null;
		this.busy = false;
	}

	clear(): void {
		this.cancel();
		this.shown = null;
		this.of = null;
		this.error = null;
	}

	#overtake(): void {
		const next = this.#waiting;
		this.#running?.abort();
		this.#running = undefined;
		if (next) void this.#run(next);
	}

	async #run(request: PreviewRequest): Promise<void> {
		const running = (this.#running = new AbortController());
		this.#waiting = null;
		this.#began = this.clock();
		try {
			const shown = await this.ask(request, running.signal);
			if (running !== this.#running) return;
			this.shown = shown;
			this.of = request;
			this.error = null;
		} catch (error) {
			if (running !== this.#running) return; // overtaken
			this.error = error instanceof Error ? error : new Error(String(error));
		}
		this.#running = undefined;
		clearTimeout(this.#timer);
		if (this.#waiting) void this.#run(this.#waiting);
		else this.busy = false;
	}
}

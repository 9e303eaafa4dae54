import { api, ApiError, body, type Schemas } from '$lib/api/client';

export type PreviewRequest = Partial<Schemas['PreviewRequest']> & { document: Record<string, unknown> };
type Ask = (request: PreviewRequest, signal: AbortSignal) => Promise<Schemas['Preview']>;

const PAUSE = 120;

const server: Ask = (request, signal) =>
	body(
		api.POST('/api/v1/strategies/preview', {
			body: { points: 500, ...request } as Schemas['PreviewRequest'],
			signal
		})
	);

/** The preview of what was asked for last. Quick moves are put together, and what is overtaken is cancelled. */
export class Previewer {
	shown: Schemas['Preview'] | null = $state.raw(null);
	error: ApiError | Error | null = $state.raw(null);
	busy = $state(false);
	#timer: ReturnType<typeof setTimeout> | undefined;
	#running: AbortController | undefined;

	constructor(
		private readonly ask: Ask = server,
		private readonly pause = PAUSE
	) {}

	want(request: PreviewRequest): void {
		this.cancel();
		this.busy = true;
		this.#timer = setTimeout(() => void this.#run(request), this.pause);
	}

	/** What is shown stays. */
	cancel(): void {
		clearTimeout(this.#timer);
		this.#running?.abort();
		this.#running = undefined;
		this.busy = false;
	}

	clear(): void {
		this.cancel();
		this.shown = null;
		this.error = null;
	}

	async #run(request: PreviewRequest): Promise<void> {
		const running = (this.#running = new AbortController());
		try {
			const shown = await this.ask(request, running.signal);
			if (running !== this.#running) return;
			this.shown = shown;
			this.error = null;
		} catch (error) {
			if (running !== this.#running) return; // overtaken
			this.error = error instanceof Error ? error : new Error(String(error));
		}
		this.busy = false;
	}
}

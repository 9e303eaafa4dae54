/** What was wanted last, after a pause. What it overtakes is cut short, and its signal says so. */
export class Latest {
	#timer: ReturnType<typeof setTimeout> | undefined;
	#running: AbortController | undefined;

	/** In milliseconds. */
	constructor(private readonly pause: number) {}

	want(work: (signal: AbortSignal) => Promise<void>): void {
		this.leave();
		this.#timer = setTimeout(() => {
			this.#running = new AbortController();
			void work(this.#running.signal);
		}, this.pause);
	}

	/** Nothing more is wanted. */
	leave(): void {
		clearTimeout(this.#timer);
		this.#running?.abort();
	}
}

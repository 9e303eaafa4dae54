const KEPT = 50;

export interface Timing {
	endpoint: string;
	/** Since the page was opened; the figures are of the last fifty. */
	calls: number;
	/** Milliseconds. */
	median: number;
	p95: number;
}

/** How long each endpoint took lately, in milliseconds. */
export class Latency {
	#samples: Record<string, { calls: number; last: number[] }> = $state({});

	add(endpoint: string, milliseconds: number): void {
		const { calls, last } = this.#samples[endpoint] ?? { calls: 0, last: [] };
		this.#samples[endpoint] = { calls: calls + 1, last: [...last.slice(1 - KEPT), milliseconds] };
	}

	/** By the median, slowest first. */
	get timings(): Timing[] {
		return Object.entries(this.#samples)
			.map(([endpoint, { calls, last }]) => ({
				endpoint,
				calls,
				median: quantile(last, 0.5),
				p95: quantile(last, 0.95)
			}))
			.sort((a, b) => b.median - a.median);
	}
}

/** The smallest sample that such a share of all does not exceed. */
function quantile(samples: readonly number[], share: number): number {
	const sorted = samples.toSorted((a, b) => a - b);
	return sorted[Math.ceil(share * sorted.length) - 1] ?? 0;
}

export const latency = new Latency();

const KEPT = 50;

/** How long each endpoint took lately, in milliseconds. */
class Latency {
	#samples: Record<string, number[]> = $state({});

	add(endpoint: string, milliseconds: number): void {
		this.#samples[endpoint] = [...(this.#samples[endpoint] ?? []).slice(1 - KEPT), milliseconds];
	}

	/** Endpoints by their median, slowest first. */
	get medians(): { endpoint: string; median: number; calls: number }[] {
		return Object.entries(this.#samples)
			.map(([endpoint, samples]) => ({ endpoint, median: median(samples), calls: samples.length }))
			.sort((a, b) => b.median - a.median);
	}
}

function median(samples: number[]): number {
	const sorted = [...samples].sort((a, b) => a - b);
	return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

export const latency = new Latency();

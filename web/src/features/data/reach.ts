const DAY = 86_400_000;

/** From when on bars of a length are worth fetching: a few thousand of them, at least a week and at most ten years. */
export function reach(minutes: number, now = Date.now()): number {
	const days = Math.min(3_650, Math.max(7, Math.round((minutes * 8_760) / 1_440)));
	return now - days * DAY;
}

/** `2026-11-21`, in UTC. */
export const isoDay = (at: number) => new Date(at).toISOString().slice(0, 10);

import type { Schemas } from '$lib/api/client';

type Step = Schemas['FunnelStep'];

/** A step as it is drawn: widths are fractions of the longest bar of its rule. */
export interface DrawnStep {
	readonly step: Step;
	readonly alone: number;
	readonly left: number;
	/** Bars that a veto took away from what was left before it. */
	readonly stopped: number;
	/** Its rule has nothing else to wait for, so it cannot be taken away. */
	readonly only: boolean;
}

export function drawn({ bars, steps }: Schemas['FunnelRule']): DrawnStep[] {
	const conditions = steps.filter((step) => step.veto === null);
	const longest = Math.max(1, ...conditions.map((step) => step.alone));
	return steps.map((step, place) => {
		const before = place ? (steps[place - 1] as Step).through : bars;
		return {
			step,
			alone: step.veto === null ? step.alone / longest : before / longest,
			left: step.through / longest,
			stopped: before - step.through,
			only: step.veto === null && conditions.length === 1
		};
	});
}

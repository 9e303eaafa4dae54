/** So small a part of the larger of both fills half of a side. */
const HALF = 0.02;

/**
 * How far a value is beyond its threshold, between -1 and 1: 0 stands at the threshold. Numbers of any size fit, and near the threshold
 * small steps are seen.
 */
export function reach(distance: number, value: number, threshold: number): number {
	const scale = HALF * Math.max(Math.abs(value), Math.abs(threshold)) || HALF;
	return distance / (Math.abs(distance) + scale);
}

/** What happens to an order of things, each time a new one. */

/** One from a place to before another; the place behind the last is its length. */
export function moved<T>(list: readonly T[], from: number, to: number): T[] {
	const one = list[from];
	if (one === undefined) return [...list];
	const rest = list.filter((_, place) => place !== from);
	rest.splice(Math.max(0, to > from ? to - 1 : to), 0, one);
	return rest;
}

/** At the end, once. */
export const added = <T>(list: readonly T[], one: T): T[] =>
	list.includes(one) ? [...list] : [...list, one];

export const without = <T>(list: readonly T[], one: T): T[] => list.filter((each) => each !== one);

/** A path within a formula ends in where: `series.x.formula:col 5-9`, below the first line `series.x.formula:line 2 col 5`. */
import type { Place } from './places';

const WHERE = /:(?:line (\d+) )?col (\d+)(?:-(\d+))?$/;

/** The path of the formula itself. */
export const withoutPlace = (path: string): string => path.replace(WHERE, '');

/** The characters of the formula that a path points at; all of it where it says nothing of that. */
export function placeInFormula(text: string, path: string): Place {
	const [where, line, first, last] = WHERE.exec(path) ?? [];
	if (!where) return { from: 0, to: text.length };
	let begin = 0;
	for (let above = Number(line ?? 1) - 1; above > 0; above -= 1) begin = text.indexOf('\n', begin) + 1;
	const from = Math.min(begin + Number(first) - 1, text.length);
	const to = Math.min(begin + Number(last ?? first), text.length);
	// What is missing at the end is shown at the last character there is.
	return from < to ? { from, to } : { from: Math.max(0, text.length - 1), to: text.length };
}

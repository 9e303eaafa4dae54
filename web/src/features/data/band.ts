/**
 * Where in a window of bars those stand that a finding is about, in places between which the end is not; for bars that are missing, the seam
 * where they would be. Times in seconds since 1970, rising.
 */
export function band(time: readonly number[], first: number, last: number): { from: number; to: number } {
	const from = time.findIndex((each) => each >= first);
	const begin = from < 0 ? time.length : from;
	const behind = time.findIndex((each) => each > last);
	const end = behind < 0 ? time.length : behind;
	return end > begin ? { from: begin, to: end } : { from: begin - SEAM, to: begin + SEAM };
}

const SEAM = 0.25;

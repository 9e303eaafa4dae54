import { m } from '$lib/paraglide/messages';

/** Stable codes in the reader's language; what the table does not know is said in general, beside the server's own words. */
const WORDS: Record<string, () => string> = {
	network: m.problem_network,
	not_found: m.problem_not_found,
	invalid: m.problem_invalid,
	invalid_strategy: m.problem_invalid_strategy,
	invalid_data: m.problem_invalid_data,
	invalid_account: m.problem_invalid_account,
	stale: m.problem_stale,
	unavailable: m.problem_unavailable,
	too_large: m.problem_too_large,
	key_reused: m.problem_key_reused,
	internal: m.problem_internal,
	venue: m.problem_venue,
	no_price: m.problem_no_price,
	unknown_instrument: m.problem_unknown_instrument,
	empty_answer: m.problem_empty_answer,
	malformed_answer: m.problem_malformed_answer,
	unreachable: m.problem_unreachable,
	rate_limited: m.problem_rate_limited,
	clock_skew: m.problem_clock_skew,
	refused: m.problem_refused
};

export function explained(code: string): string {
	return (WORDS[code] ?? m.problem_unexpected)();
}
